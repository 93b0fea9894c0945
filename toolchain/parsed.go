package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// parsedBytesMax bounds the sources whose syntax is kept.
const parsedBytesMax = 1 << 20

// parsed keeps the syntax of sources, because verbs that follow one another ask about much the same.
// Nobody gets what is kept, only copies of it.
var parsed = struct {
	modules map[parsedSource]*ast.Module
	bytes   int
}{modules: map[parsedSource]*ast.Module{}}

type parsedSource struct {
	source
	version ast.RegoVersion
}

// parseOne is nil without an error for an empty module, as in OPA.
func (p policy) parseOne(file source) (*ast.Module, error) {
	key := parsedSource{file, p.version()}
	if module, ok := parsed.modules[key]; ok {
		return module.Copy(), nil
	}
	module, err := ast.ParseModuleWithOpts(file.Path, file.Text, p.parserOptions())
	if err != nil || module == nil {
		return nil, err
	}
	if parsed.bytes += len(file.Text); parsed.bytes > parsedBytesMax {
		clear(parsed.modules)
		parsed.bytes = len(file.Text)
	}
	parsed.modules[key] = module
	return module.Copy(), nil
}
