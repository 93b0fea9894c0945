package main

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// change is what a mutation does to a source: the text at a place becomes another one.
type change struct {
	// Kind is condition, negation, operator, constant, element or body.
	Kind   string `json:"kind"`
	Before string `json:"before"`
	// After is empty where the text is taken away.
	After string `json:"after"`
	place
}

// edit is a change and the piece of syntax that it makes. The syntax edited is left as it is.
type edit[T any] struct {
	change
	made T
}

func editOf[T any](kind string, at *ast.Location, after string, made T) edit[T] {
	return edit[T]{change{Kind: kind, Before: string(at.Text), After: after, place: placeOf(at)}, made}
}

// lift makes edits of a part edits of the whole.
func lift[T, U any](edits []edit[T], whole func(T) U) []edit[U] {
	lifted := make([]edit[U], len(edits))
	for i, one := range edits {
		lifted[i] = edit[U]{one.change, whole(one.made)}
	}
	return lifted
}

// editOne collects the edits of the elements of a list.
func editOne[E any, S ~[]E](list S, edits func(E) []edit[E]) []edit[S] {
	var all []edit[S]
	for i, element := range list {
		all = append(all, lift(edits(element), func(made E) S { return replaced(list, i, made) })...)
	}
	return all
}

func replaced[E any, S ~[]E](list S, at int, element E) S {
	changed := append(S(nil), list...)
	changed[at] = element
	return changed
}

func without[E any, S ~[]E](list S, at int) S {
	return append(append(S(nil), list[:at]...), list[at+1:]...)
}
