package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"
)

// builtinResult tells whether OPA has the builtin, and what the builtin complains of: a complaint is
// undefined in Rego, as opposed to a halt, which fails the call.
type builtinResult struct {
	Exists bool   `json:"exists"`
	Error  string `json:"error,omitempty"`
}

// builtin calls one of OPA's functions. Every part is an operand as the text of a Rego term, and so
// is the answer's part; there is none when the call is undefined. With only asked, it is not called.
func builtin(c call) (answer, error) {
	var params struct {
		Name string `json:"name"`
		Only string `json:"only"`
		// Now is the evaluation's time in nanoseconds since 1970.
		Now json.Number `json:"now"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	function := topdown.GetBuiltin(params.Name)
	if function == nil || params.Only == "exists" {
		return answer{result: builtinResult{Exists: function != nil}}, nil
	}
	operands := make([]*ast.Term, len(c.parts))
	for i, part := range c.parts {
		operand, err := ast.ParseTerm(string(part))
		if err != nil {
			return answer{}, err
		}
		if !ast.IsConstant(operand.Value) {
			return answer{}, fmt.Errorf("operand %d is no value", i+1)
		}
		operands[i] = operand
	}
	var value *ast.Term
	err := function(builtinContext(params.Now), operands, func(term *ast.Term) error {
		value = term
		return nil
	})
	if _, halted := errors.AsType[topdown.Halt](err); halted {
		return answer{}, err
	}
	result := builtinResult{Exists: true}
	if err != nil {
		result.Error = err.Error()
	}
	if err != nil || value == nil {
		return answer{result: result}, nil
	}
	return answer{result: result, parts: [][]byte{[]byte(value.String())}}, nil
}

// builtinContext is what an evaluation hands to its builtins. Random values are remembered by the
// host, which knows where an evaluation ends; there are no prints, no traces and no environment.
func builtinContext(now json.Number) topdown.BuiltinContext {
	return topdown.BuiltinContext{
		Context:      context.Background(),
		Metrics:      metrics.New(),
		Seed:         rand.Reader,
		Time:         ast.NumberTerm(now),
		Cancel:       topdown.NewCancel(),
		Runtime:      ast.ObjectTerm(),
		Cache:        builtins.Cache{},
		Location:     ast.NewLocation(nil, "", 1, 1),
		Capabilities: ast.CapabilitiesForThisVersion(),
	}
}
