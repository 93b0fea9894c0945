package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

type partialParams struct {
	Policy           policy   `json:"policy"`
	Query            string   `json:"query"`
	Unknowns         []string `json:"unknowns"`
	DisableInlining  []string `json:"disableInlining"`
	ShallowInlining  bool     `json:"shallowInlining"`
	Nondeterministic bool     `json:"nondeterministic"`
}

// partial evaluates a query as far as its unknowns allow. Parts: the remaining queries and the
// support modules as located syntax trees; the result has both as text.
func partial(c call) (answer, error) {
	var params partialParams
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	options, err := params.Policy.regoOptions()
	if err != nil {
		return answer{}, err
	}
	options = append(options,
		rego.Query(params.Query),
		rego.Unknowns(params.Unknowns),
		rego.DisableInlining(params.DisableInlining),
		rego.ShallowInlining(params.ShallowInlining),
		rego.NondeterministicBuiltins(params.Nondeterministic),
	)
	left, err := rego.New(options...).Partial(context.Background())
	if err != nil {
		return answer{}, err
	}
	return residue(left)
}

func residue(left *rego.PartialQueries) (answer, error) {
	queries := make([]string, len(left.Queries))
	for i, body := range left.Queries {
		queries[i] = body.String()
	}
	support := make([]string, len(left.Support))
	for i, module := range left.Support {
		support[i] = module.String()
	}
	trees, err := encodeLocated(struct {
		Queries []ast.Body    `json:"queries"`
		Support []*ast.Module `json:"support"`
	}{left.Queries, left.Support})
	return answer{
		result: map[string]any{"queries": queries, "support": support},
		parts:  [][]byte{trees},
	}, err
}
