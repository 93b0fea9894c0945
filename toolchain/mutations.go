package main

import (
	"cmp"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// mutation is one change of one rule of a package.
type mutation struct {
	change
	module, rule int
	// made is nil where the whole rule is taken away.
	made *ast.Rule
}

// mutationsOf lists every mutation of a package in the order of its sources. What only makes the text
// of the decision's message is left as it is.
func mutationsOf(modules []*ast.Module, decision string) []mutation {
	var rules []*ast.Rule
	for _, module := range modules {
		rules = append(rules, module.Rules...)
	}
	bodies := map[string]int{}
	for _, rule := range rules {
		bodies[rule.Head.Ref().String()]++
	}
	said := sayingsOf(modules[0].Package.Path, rules, decision)
	var found []mutation
	for m, module := range modules {
		for r, rule := range module.Rules {
			edits := editRule(rule, said)
			if !rule.Default && bodies[rule.Head.Ref().String()] > 1 {
				edits = append(edits, editOf[*ast.Rule]("body", rule.Location, "", nil))
			}
			for _, one := range edits {
				found = append(found, mutation{one.change, m, r, one.made})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b mutation) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col),
		)
	})
	return found
}
