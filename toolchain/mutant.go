package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// mutant is a copy of a package with one change, under another name beside it: parents and their
// METADATA are the same. Everything in it is said to be in a file of that name, so that errors tell
// which mutant they are about.
type mutant struct {
	change
	name    string
	path    ast.Ref
	modules []*ast.Module
}

func mutantOf(own []*ast.Module, mutation mutation, number int) mutant {
	path := own[0].Package.Path
	last := len(path) - 1
	name := fmt.Sprintf("%s#%d", string(path[last].Value.(ast.String)), number)
	made := mutant{
		change:  mutation.change,
		name:    name,
		path:    replaced(path, last, ast.StringTerm(name)),
		modules: make([]*ast.Module, len(own)),
	}
	for i, module := range own {
		made.modules[i] = module.Copy()
		if mutation.module == i {
			mutate(made.modules[i], mutation)
		}
		made.rename(made.modules[i], path)
	}
	return made
}

func mutate(module *ast.Module, mutation mutation) {
	if mutation.made == nil {
		module.Rules = without(module.Rules, mutation.rule)
		return
	}
	// In its place, because METADATA of the rule is kept by its address.
	rule := module.Rules[mutation.rule]
	*rule = *mutation.made.Copy()
	for ; rule != nil; rule = rule.Else {
		rule.Module = module
	}
}

func (m mutant) rename(module *ast.Module, from ast.Ref) {
	module.Package.Path = m.path
	ast.WalkNodes(module, func(node ast.Node) bool {
		if at := node.Loc(); at != nil {
			moved := *at
			moved.File = m.name
			node.SetLoc(&moved)
		}
		if term, ok := node.(*ast.Term); ok {
			if ref, ok := term.Value.(ast.Ref); ok && ref.HasPrefix(from) {
				term.Value = append(m.path.Copy(), ref[len(from):]...)
			}
		}
		return false
	})
}

// compileBeside compiles mutants together with the modules that they were made of. It leaves out those
// of which no policy comes, where what was taken away is what another condition needs. The compiler
// tells of them a stage at a time, so that most guardrails take one turn and some take two.
func compileBeside(
	policy policy, modules map[string]*ast.Module, mutants []mutant,
) (*ast.Compiler, []mutant, error) {
	for {
		all := maps.Clone(modules)
		for _, one := range mutants {
			for i, module := range one.modules {
				all[fmt.Sprintf("%s/%d", one.name, i)] = module
			}
		}
		compiler := ast.NewCompiler().
			SetErrorLimit(0).
			WithDefaultRegoVersion(policy.version()).
			WithCapabilities(policy.capabilities())
		if compiler.Compile(all); !compiler.Failed() {
			return compiler, mutants, nil
		}
		failed := map[string]bool{}
		for _, one := range compiler.Errors {
			failed[placeOf(one.Location).File] = true
		}
		sound := slices.DeleteFunc(slices.Clone(mutants), func(one mutant) bool { return failed[one.name] })
		if len(sound) == len(mutants) {
			return nil, nil, compiler.Errors
		}
		mutants = sound
	}
}
