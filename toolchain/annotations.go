package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// described is a module as its METADATA describes it.
type described struct {
	Path        string       `json:"path"`
	Package     []string     `json:"package"`
	Place       place        `json:"place"`
	Rules       []rule       `json:"rules"`
	Annotations []annotation `json:"annotations"`
}

type rule struct {
	Name  string `json:"name"`
	Place place  `json:"place"`
}

// annotation is one METADATA block; value has OPA's JSON form of it.
type annotation struct {
	Scope string           `json:"scope"`
	Place place            `json:"place"`
	Value *ast.Annotations `json:"value"`
}

// annotations describes every module of a policy, in the order given.
func annotations(c call) (answer, error) {
	var params struct {
		Policy policy `json:"policy"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	modules, err := params.Policy.parse()
	if err != nil {
		return answer{}, err
	}
	result := make([]described, 0, len(modules))
	for _, file := range params.Policy.Modules {
		result = append(result, describe(file.Path, modules[file.Path]))
	}
	return answer{result: result}, nil
}

func describe(path string, module *ast.Module) described {
	result := described{
		Path:        path,
		Package:     segments(module.Package.Path),
		Place:       placeOf(module.Package.Location),
		Rules:       make([]rule, 0, len(module.Rules)),
		Annotations: make([]annotation, 0, len(module.Annotations)),
	}
	for _, r := range module.Rules {
		result.Rules = append(result.Rules, rule{
			Name:  r.Head.Ref().GroundPrefix().String(),
			Place: placeOf(r.Location),
		})
	}
	for _, a := range module.Annotations {
		result.Annotations = append(result.Annotations, annotation{
			Scope: a.Scope,
			Place: placeOf(a.Location),
			Value: a,
		})
	}
	return result
}

// segments are a package's names without the leading `data`.
func segments(path ast.Ref) []string {
	names := make([]string, 0, len(path))
	for _, term := range path[1:] {
		if name, ok := term.Value.(ast.String); ok {
			names = append(names, string(name))
		} else {
			names = append(names, term.String())
		}
	}
	return names
}
