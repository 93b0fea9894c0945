package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"
	"github.com/open-policy-agent/opa/v1/util"
)

type builtinParams struct {
	Name string `json:"name"`
	// Format of arguments and value: json, or rego where sets must stay sets.
	Format string `json:"format"`
	// Now is the evaluation's time in nanoseconds since 1970: time.now_ns is constant within one.
	Now json.Number `json:"now"`
}

// builtin calls one of OPA's functions. Every part is an argument. The answer's part is the value;
// there is none when the call is undefined, and an issue when it failed.
func builtin(c call) (answer, error) {
	var params builtinParams
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	function := topdown.GetBuiltin(params.Name)
	if function == nil {
		return answer{}, fmt.Errorf("OPA has no builtin %s", params.Name)
	}
	arguments := make([]*ast.Term, len(c.parts))
	for i, part := range c.parts {
		argument, err := params.decode(part)
		if err != nil {
			return answer{}, err
		}
		arguments[i] = argument
	}
	var value *ast.Term
	err := function(params.context(), arguments, func(term *ast.Term) error {
		value = term
		return nil
	})
	if err != nil || value == nil {
		return answer{}, err
	}
	part, err := params.encode(value)
	return answer{parts: [][]byte{part}}, err
}

func (p builtinParams) decode(part []byte) (*ast.Term, error) {
	if p.Format == "rego" {
		return ast.ParseTerm(string(part))
	}
	var value any
	if err := util.UnmarshalJSON(part, &value); err != nil {
		return nil, err
	}
	decoded, err := ast.InterfaceToValue(value)
	return ast.NewTerm(decoded), err
}

func (p builtinParams) encode(value *ast.Term) ([]byte, error) {
	if p.Format == "rego" {
		return []byte(value.String()), nil
	}
	plain, err := ast.JSON(value.Value)
	if err != nil {
		return nil, err
	}
	return encode(plain)
}

func (p builtinParams) context() topdown.BuiltinContext {
	now := p.Now
	if now == "" {
		now = json.Number(fmt.Sprint(time.Now().UnixNano()))
	}
	return topdown.BuiltinContext{
		Context:      context.Background(),
		Metrics:      metrics.New(),
		Seed:         rand.Reader,
		Time:         ast.NumberTerm(now),
		Cancel:       topdown.NewCancel(),
		Runtime:      ast.ObjectTerm(),
		Cache:        builtins.Cache{},
		Location:     ast.NewLocation(nil, "", 1, 1),
		PrintHook:    topdown.NewPrintHook(&bytes.Buffer{}),
		Capabilities: ast.CapabilitiesForThisVersion(),
	}
}
