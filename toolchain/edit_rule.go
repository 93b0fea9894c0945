package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// editRule lists the edits inside one rule and its else branches.
// said has the expressions and heads that only make a text for people.
func editRule(rule *ast.Rule, said sayings) []edit[*ast.Rule] {
	as := func(change func(*ast.Rule)) *ast.Rule {
		made := *rule
		change(&made)
		return &made
	}
	edits := lift(editBody(rule.Body, said.expressions), func(body ast.Body) *ast.Rule {
		return as(func(made *ast.Rule) { made.Body = body })
	})
	if !said.heads[rule] {
		edits = append(edits, lift(editHead(rule.Head), func(head *ast.Head) *ast.Rule {
			return as(func(made *ast.Rule) { made.Head = head })
		})...)
	}
	if rule.Else == nil {
		return edits
	}
	last := as(func(made *ast.Rule) { made.Else = nil })
	edits = append(edits, editOf("body", rule.Else.Location, "", last))
	return append(edits, lift(editRule(rule.Else, said), func(branch *ast.Rule) *ast.Rule {
		return as(func(made *ast.Rule) { made.Else = branch })
	})...)
}

func editHead(head *ast.Head) []edit[*ast.Head] {
	as := func(key, value *ast.Term) *ast.Head {
		made := *head
		made.Key, made.Value = key, value
		return &made
	}
	return append(
		lift(editTerm(head.Key), func(key *ast.Term) *ast.Head { return as(key, head.Value) }),
		lift(editTerm(head.Value), func(value *ast.Term) *ast.Head { return as(head.Key, value) })...)
}

// editBody takes each condition away, and edits those that stay.
func editBody(body ast.Body, skipped map[*ast.Expr]bool) []edit[ast.Body] {
	var edits []edit[ast.Body]
	for i, expr := range body {
		if skipped[expr] {
			continue
		}
		if isCondition(expr) {
			edits = append(edits, editOf("condition", expr.Location, "", bodyWithout(body, i)))
		}
		edits = append(edits, lift(editExpr(expr), func(made *ast.Expr) ast.Body {
			return replaced(body, i, made)
		})...)
	}
	return edits
}

// isCondition tells whether an expression can be missed: what binds variables for others cannot.
func isCondition(expr *ast.Expr) bool {
	switch terms := expr.Terms.(type) {
	case *ast.SomeDecl:
		member, ok := terms.Symbols[0].Value.(ast.Call)
		return ok && !bindsNames(member[1:len(member)-1])
	case *ast.Term:
		// The body of a rule without one.
		return terms.Value.Compare(ast.Boolean(true)) != 0
	}
	return !expr.IsAssignment()
}

func bindsNames(patterns []*ast.Term) bool {
	found := false
	for _, pattern := range patterns {
		ast.WalkVars(pattern, func(name ast.Var) bool {
			found = found || !name.IsWildcard()
			return found
		})
	}
	return found
}

// editExpr turns a condition into its opposite, and edits its terms.
func editExpr(expr *ast.Expr) []edit[*ast.Expr] {
	as := func(terms any) *ast.Expr {
		made := *expr
		made.Terms = terms
		return &made
	}
	switch terms := expr.Terms.(type) {
	case *ast.Term:
		edits := lift(editTerm(terms), func(made *ast.Term) *ast.Expr { return as(made) })
		return append(negation(expr), edits...)
	case []*ast.Term:
		edits := lift(editCall(terms), func(made []*ast.Term) *ast.Expr { return as(made) })
		return append(negation(expr), edits...)
	case *ast.SomeDecl:
		return lift(editMember(terms.Symbols), func(made []*ast.Term) *ast.Expr {
			return as(&ast.SomeDecl{Symbols: made, Location: terms.Location})
		})
	case *ast.Every:
		domain := lift(editTerm(terms.Domain), func(made *ast.Term) *ast.Expr {
			every := *terms
			every.Domain = made
			return as(&every)
		})
		return append(domain, lift(editBody(terms.Body, nil), func(made ast.Body) *ast.Expr {
			every := *terms
			every.Body = made
			return as(&every)
		})...)
	}
	return nil
}

// editMember edits what `some … in` looks through, not what it binds.
func editMember(symbols []*ast.Term) []edit[[]*ast.Term] {
	member, ok := symbols[0].Value.(ast.Call)
	if !ok {
		return nil
	}
	last := len(member) - 1
	return lift(editTerm(member[last]), func(made *ast.Term) []*ast.Term {
		call := ast.Call(replaced(member, last, made))
		return []*ast.Term{{Value: call, Location: symbols[0].Location}}
	})
}

// negation is left out where another operator says the same, and where the expression binds a name.
func negation(expr *ast.Expr) []edit[*ast.Expr] {
	if expr.IsAssignment() || !isCondition(expr) || hasOpposite(expr) {
		return nil
	}
	made := *expr
	made.Negated = !expr.Negated
	text := string(expr.Location.Text)
	after := strings.TrimSpace(strings.TrimPrefix(text, "not"))
	if made.Negated {
		after = "not " + text
	}
	return []edit[*ast.Expr]{editOf("negation", expr.Location, after, &made)}
}

// hasOpposite: `!=` is tried in place of `==`, and decides otherwise than `not` only for what is not there.
func hasOpposite(expr *ast.Expr) bool {
	name := expr.Operator().String()
	return !expr.Negated && (name == ast.Equal.Name || name == ast.NotEqual.Name)
}

// bodyWithout is never empty: what holds always is left.
func bodyWithout(body ast.Body, at int) ast.Body {
	if len(body) == 1 {
		at := body[0].Location
		return ast.NewBody(ast.NewExpr(ast.BooleanTerm(true).SetLocation(at)).SetLocation(at))
	}
	return without(body, at)
}
