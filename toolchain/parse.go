package main

import (
	astjson "github.com/open-policy-agent/opa/v1/ast/json"
)

// parse answers with a module's syntax tree, with locations, in the form of `opa parse --format json`.
func parse(c call) (answer, error) {
	var params struct {
		Source      source `json:"source"`
		RegoVersion *int   `json:"regoVersion"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	one := policy{Modules: []source{params.Source}, RegoVersion: params.RegoVersion}
	modules, err := one.parse()
	if err != nil {
		return answer{}, err
	}
	tree, err := encodeLocated(modules[params.Source.Path])
	return answer{parts: [][]byte{tree}}, err
}

// encodeLocated encodes syntax with the location of every node. OPA keeps that option in a global,
// which is put back at once: with it, manifests and annotations would differ from `opa build`'s.
func encodeLocated(syntax any) ([]byte, error) {
	defer astjson.SetOptions(astjson.GetOptions())
	astjson.SetOptions(astjson.Options{MarshalOptions: astjson.MarshalOptions{
		IncludeLocation: astjson.NodeToggle{
			Term: true, Package: true, Comment: true, Import: true, Rule: true, Head: true,
			Expr: true, SomeDecl: true, Every: true, With: true, Annotations: true,
			AnnotationsRef: true, Not: true, And: true, Or: true,
		},
	}})
	return encode(syntax)
}
