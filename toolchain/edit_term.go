package main

import (
	"encoding/json"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
)

// otherText stands in place of any text: no event has it, and it is like nothing that one has.
const otherText = "mutant"

// swapped has the operators that stand in place of one another, by the names of their builtins: those
// that differ where a boundary lies.
var swapped = map[string]operator{
	ast.Equal.Name:          {"!=", ast.NotEqual},
	ast.NotEqual.Name:       {"==", ast.Equal},
	ast.LessThan.Name:       {"<=", ast.LessThanEq},
	ast.LessThanEq.Name:     {"<", ast.LessThan},
	ast.GreaterThan.Name:    {">=", ast.GreaterThanEq},
	ast.GreaterThanEq.Name:  {">", ast.GreaterThan},
	ast.StartsWith.Name:     {"contains", ast.Contains},
	ast.EndsWith.Name:       {"contains", ast.Contains},
	ast.Contains.Name:       {"startswith", ast.StartsWith},
	ast.AnyPrefixMatch.Name: {"strings.any_suffix_match", ast.AnySuffixMatch},
	ast.AnySuffixMatch.Name: {"strings.any_prefix_match", ast.AnyPrefixMatch},
}

type operator struct {
	text    string
	builtin *ast.Builtin
}

// editTerm lists the edits inside a term: a constant that is another one, an element less, another
// operator, and the conditions of comprehensions.
func editTerm(term *ast.Term) []edit[*ast.Term] {
	if term == nil {
		return nil
	}
	as := func(value ast.Value) *ast.Term { return &ast.Term{Value: value, Location: term.Location} }
	switch value := term.Value.(type) {
	case ast.String, ast.Number, ast.Boolean:
		return editConstant(term)
	case ast.Ref:
		return lift(editRef(value), func(ref []*ast.Term) *ast.Term { return as(ast.Ref(ref)) })
	case ast.Call:
		return lift(editCall(value), func(terms []*ast.Term) *ast.Term { return as(ast.Call(terms)) })
	case *ast.Array:
		return lift(editElements(terms(value)), func(left []*ast.Term) *ast.Term {
			return as(ast.NewArray(left...))
		})
	case ast.Set:
		return lift(editElements(value.Slice()), func(left []*ast.Term) *ast.Term {
			return as(ast.NewSet(left...))
		})
	case ast.Object:
		return lift(editEntries(value), func(entries [][2]*ast.Term) *ast.Term {
			return as(ast.NewObject(entries...))
		})
	case *ast.ArrayComprehension:
		return lift(editBody(value.Body, nil), func(made ast.Body) *ast.Term {
			return as(&ast.ArrayComprehension{Term: value.Term, Body: made})
		})
	case *ast.SetComprehension:
		return lift(editBody(value.Body, nil), func(made ast.Body) *ast.Term {
			return as(&ast.SetComprehension{Term: value.Term, Body: made})
		})
	case *ast.ObjectComprehension:
		return lift(editBody(value.Body, nil), func(made ast.Body) *ast.Term {
			return as(&ast.ObjectComprehension{Key: value.Key, Value: value.Value, Body: made})
		})
	}
	return nil
}

// editConstant leaves out constants that OPA's parser adds, such as the value of a rule without one.
func editConstant(term *ast.Term) []edit[*ast.Term] {
	if term.Location == nil {
		return nil
	}
	one := func(made *ast.Term) []edit[*ast.Term] {
		return []edit[*ast.Term]{editOf("constant", term.Location, made.String(), made)}
	}
	switch value := term.Value.(type) {
	case ast.String:
		return one(ast.StringTerm(otherText))
	case ast.Boolean:
		if string(term.Location.Text) == value.String() {
			return one(ast.BooleanTerm(!bool(value)))
		}
	case ast.Number:
		if number, ok := value.Int64(); ok {
			return one(ast.NumberTerm(jsonNumber(number + 1)))
		}
	}
	return nil
}

// editRef looks into the steps of a reference that are no names.
func editRef(ref ast.Ref) []edit[[]*ast.Term] {
	return editOne([]*ast.Term(ref), func(step *ast.Term) []edit[*ast.Term] {
		if ast.IsScalar(step.Value) {
			return nil
		}
		return editTerm(step)
	})
}

// editCall edits a call's operator and its operands.
func editCall(call []*ast.Term) []edit[[]*ast.Term] {
	edits := editOperator(call)
	for i, operand := range call {
		if i == 0 {
			continue
		}
		edits = append(edits, lift(editTerm(operand), func(made *ast.Term) []*ast.Term {
			return replaced(call, i, made)
		})...)
	}
	return edits
}

func editOperator(call []*ast.Term) []edit[[]*ast.Term] {
	other, ok := swapped[call[0].Value.String()]
	if !ok || call[0].Location == nil {
		return nil
	}
	made := replaced(call, 0, ast.NewTerm(other.builtin.Ref()).SetLocation(call[0].Location))
	return []edit[[]*ast.Term]{editOf("operator", call[0].Location, other.text, made)}
}

// editElements takes each element away, and edits those that are no constants.
func editElements(elements []*ast.Term) []edit[[]*ast.Term] {
	var edits []edit[[]*ast.Term]
	for i, element := range elements {
		if element.Location != nil {
			edits = append(edits, editOf("element", element.Location, "", without(elements, i)))
		}
		if !ast.IsScalar(element.Value) {
			edits = append(edits, lift(editTerm(element), func(made *ast.Term) []*ast.Term {
				return replaced(elements, i, made)
			})...)
		}
	}
	return edits
}

// editEntries does the same to the entries of an object.
func editEntries(object ast.Object) []edit[[][2]*ast.Term] {
	var entries [][2]*ast.Term
	object.Foreach(func(key, value *ast.Term) { entries = append(entries, [2]*ast.Term{key, value}) })
	var edits []edit[[][2]*ast.Term]
	for i, entry := range entries {
		key, value := entry[0], entry[1]
		if key.Location != nil {
			edits = append(edits, editOf("element", key.Location, "", without(entries, i)))
		}
		if !ast.IsScalar(value.Value) {
			edits = append(edits, lift(editTerm(value), func(made *ast.Term) [][2]*ast.Term {
				return replaced(entries, i, [2]*ast.Term{key, made})
			})...)
		}
	}
	return edits
}

func terms(array *ast.Array) []*ast.Term {
	var elements []*ast.Term
	array.Foreach(func(element *ast.Term) { elements = append(elements, element) })
	return elements
}

func jsonNumber(value int64) json.Number { return json.Number(strconv.FormatInt(value, 10)) }
