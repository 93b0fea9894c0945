package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// mutants changes one thing of a guardrail's own package at a time, compiles all that comes of it at
// once, and evaluates each on every part, an event each. The result has the mutants; those that do not
// compile are none. Parts of the answer: what was said of each event, see readings.
func mutants(c call) (answer, error) {
	var params struct {
		Policy policy `json:"policy"`
		// Decision is the path of the guardrail's set: guardrails, workloads, pod_exec, violation.
		Decision []string `json:"decision"`
		// Data has documents, and Events the position of the one that goes with each part.
		Data   []json.RawMessage `json:"data"`
		Events []int             `json:"events"`
		// Limit of mutants, and of steps of one evaluation.
		Limit int `json:"limit"`
		Steps int `json:"steps"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	modules, err := params.Policy.parse()
	if err != nil {
		return answer{}, err
	}
	last := len(params.Decision) - 1
	own := packageOf(modules, params.Decision[:last])
	if len(own) == 0 {
		return answer{}, fmt.Errorf("there is no package %s", strings.Join(params.Decision[:last], "."))
	}
	found := mutationsOf(own, params.Decision[last])
	made := make([]mutant, min(len(found), params.Limit))
	for i := range made {
		made[i] = mutantOf(own, found[i], i)
	}
	compiler, sound, err := compileBeside(params.Policy, modules, made)
	if err != nil {
		return answer{}, err
	}
	sets := []string{setQuery(own[0].Package.Path, params.Decision[last])}
	changes := make([]change, len(sound))
	for i, one := range sound {
		sets = append(sets, setQuery(one.path, params.Decision[last]))
		changes[i] = one.change
	}
	evaluators := make([]*besides, len(params.Data))
	for i, document := range params.Data {
		if evaluators[i], err = newBesides(compiler, sets, document, params.Steps); err != nil {
			return answer{}, err
		}
	}
	parts := make([][]byte, len(c.parts))
	for i, event := range c.parts {
		read, err := evaluators[params.Events[i]].read(event)
		if err != nil {
			return answer{}, err
		}
		if parts[i], err = encode(read); err != nil {
			return answer{}, err
		}
	}
	return answer{
		result: map[string]any{"mutants": changes, "leftOut": len(found) - len(made)},
		parts:  parts,
	}, nil
}

// setQuery is always defined: a set that is not, is empty.
func setQuery(path ast.Ref, name string) string {
	return fmt.Sprintf("{v | v = %s[_]}", path.Append(ast.StringTerm(name)))
}

// packageOf has the modules of a package, in the order of their files.
func packageOf(modules map[string]*ast.Module, path []string) []*ast.Module {
	var own []*ast.Module
	for _, module := range modules {
		if slices.Equal(segments(module.Package.Path), path) {
			own = append(own, module)
		}
	}
	slices.SortFunc(own, func(a, b *ast.Module) int {
		return strings.Compare(a.Package.Location.File, b.Package.Location.File)
	})
	return own
}
