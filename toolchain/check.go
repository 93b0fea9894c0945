package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// check compiles a policy as `opa check --strict --schema` does and answers with every issue found:
// the compiler stops after the first stage that fails, but reports all errors of that stage.
func check(c call) (answer, error) {
	params := struct {
		Policy policy `json:"policy"`
		Strict bool   `json:"strict"`
	}{Strict: true}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	modules, err := params.Policy.parse()
	if err != nil {
		return answer{result: issues(err)}, nil
	}
	compiler, err := params.Policy.compiler()
	if err != nil {
		return answer{}, err
	}
	compiler.WithStrict(params.Strict).Compile(modules)
	if compiler.Failed() {
		return answer{result: issues(compiler.Errors)}, nil
	}
	return answer{result: []issue{}}, nil
}

// compiler is set up with the policy's schemas, for type checks against METADATA, and refuses rules
// that stand where data stands.
func (p policy) compiler() (*ast.Compiler, error) {
	schemas, err := p.schemaSet()
	if err != nil {
		return nil, err
	}
	data, err := p.document()
	if err != nil {
		return nil, err
	}
	return ast.NewCompiler().
		SetErrorLimit(0).
		WithDefaultRegoVersion(p.version()).
		WithCapabilities(p.capabilities()).
		WithSchemas(schemas).
		WithUseTypeCheckAnnotations(true).
		WithEnablePrintStatements(true).
		WithPathConflictsCheck(conflicts(data)), nil
}

// conflicts tells whether a value stands at a rule's path.
func conflicts(data map[string]any) func([]string) (bool, error) {
	return func(path []string) (bool, error) {
		node := data
		for _, key := range path {
			value, ok := node[key]
			if !ok {
				return false, nil
			}
			if node, ok = value.(map[string]any); !ok {
				return true, nil
			}
		}
		return len(path) > 0, nil
	}
}
