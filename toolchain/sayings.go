package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// sayings are the parts of a package that only make the text of its decision's message: they decide
// nothing, so their words are not changed.
type sayings struct {
	// heads have rules whose value nothing but messages is made of.
	heads map[*ast.Rule]bool
	// expressions assign what only messages are made of.
	expressions map[*ast.Expr]bool
}

// sayingsOf begins with the thought that everything is said only, and takes out what decides until
// nothing is left to take out. The decision's own head is its message.
func sayingsOf(path ast.Ref, rules []*ast.Rule, decision string) sayings {
	said := map[string]bool{}
	for _, rule := range rules {
		said[nameOf(rule)] = true
	}
	said[decision] = true
	var found sayings
	for isNew := true; isNew; {
		isNew = false
		found = sayings{heads: map[*ast.Rule]bool{}, expressions: map[*ast.Expr]bool{}}
		for _, rule := range rules {
			for branch := rule; branch != nil; branch = branch.Else {
				found.heads[branch] = said[nameOf(rule)]
				for name := range found.deciding(path, branch) {
					if said[name] && name != decision {
						said[name], isNew = false, true
					}
				}
			}
		}
	}
	return found
}

func nameOf(rule *ast.Rule) string { return rule.Head.Ref()[0].Value.String() }

// deciding has the names that decide whether a rule's body holds, or what its value is where that
// matters. Every other assignment of the rule is a saying.
func (s sayings) deciding(path ast.Ref, rule *ast.Rule) map[string]bool {
	for _, expr := range rule.Body {
		if expr.IsAssignment() {
			s.expressions[expr] = true
		}
	}
	for {
		names := map[string]bool{}
		if !s.heads[rule] {
			addNames(names, path, rule.Head)
		}
		for _, expr := range rule.Body {
			if !s.expressions[expr] {
				addNames(names, path, expr)
			}
		}
		isNew := false
		for _, expr := range rule.Body {
			if s.expressions[expr] && assigns(expr, names) {
				s.expressions[expr] = false
				isNew = true
			}
		}
		if !isNew {
			return names
		}
	}
}

func assigns(expr *ast.Expr, names map[string]bool) bool {
	found := false
	ast.WalkVars(expr.Operand(0), func(name ast.Var) bool {
		found = found || names[string(name)]
		return found
	})
	return found
}

// addNames adds the variables of a piece of syntax, and the rules that it names by their whole path.
func addNames(names map[string]bool, path ast.Ref, syntax any) {
	ast.WalkVars(syntax, func(name ast.Var) bool {
		names[string(name)] = true
		return false
	})
	ast.WalkRefs(syntax, func(ref ast.Ref) bool {
		if len(ref) > len(path) && ref.HasPrefix(path) {
			if name, ok := ref[len(path)].Value.(ast.String); ok {
				names[string(name)] = true
			}
		}
		return false
	})
}
