package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// compileQuery compiles a query with its modules to WASM, as OPA's own conformance test does: the
// one entrypoint answers with an object of bindings for each solution. Builtins are declarations of
// functions that the host brings. The answer's part is the module.
func compileQuery(c call) (answer, error) {
	var params struct {
		Policy   policy         `json:"policy"`
		Query    string         `json:"query"`
		Builtins []*ast.Builtin `json:"builtins"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	options, err := params.Policy.regoOptions()
	if err != nil {
		return answer{}, err
	}
	options = append(options, rego.Query(params.Query))
	for _, builtin := range params.Builtins {
		declaration := rego.Function{Name: builtin.Name, Decl: builtin.Decl}
		options = append(options, rego.FunctionDecl(&declaration))
	}
	compiled, err := rego.New(options...).Compile(context.Background())
	if err != nil {
		return answer{}, err
	}
	return answer{parts: [][]byte{compiled.Bytes}}, nil
}
