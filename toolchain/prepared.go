package main

import (
	"context"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/util"
)

// Prepared queries live until forgotten, or until the instance is replaced. The host numbers them:
// a number that an earlier instance knew is then unknown here, never somebody else's query.
var preparedQueries = map[int]rego.PreparedEvalQuery{}

var errNotPrepared = errors.New("not prepared")

// preparation is a policy and a query for OPA's own evaluator.
type preparation struct {
	Policy              policy `json:"policy"`
	Query               string `json:"query"`
	StrictBuiltinErrors bool   `json:"strictBuiltinErrors"`
}

// prepare compiles a policy and a query once, under a number.
func prepare(c call) (answer, error) {
	var params struct {
		preparation
		Prepared int `json:"prepared"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	_, err := params.keep(params.Prepared)
	return answer{}, err
}

func (p preparation) keep(number int) (rego.PreparedEvalQuery, error) {
	options, err := p.Policy.regoOptions()
	if err != nil {
		return rego.PreparedEvalQuery{}, err
	}
	options = append(options,
		rego.Query(p.Query),
		rego.StrictBuiltinErrors(p.StrictBuiltinErrors),
	)
	query, err := rego.New(options...).PrepareForEval(context.Background())
	if err == nil {
		preparedQueries[number] = query
	}
	return query, err
}

// forget drops a prepared query.
func forget(c call) (answer, error) {
	var params struct {
		Prepared int `json:"prepared"`
	}
	err := c.into(&params)
	delete(preparedQueries, params.Prepared)
	return answer{}, err
}

// regoOptions hands a policy to OPA's evaluator.
func (p policy) regoOptions() ([]func(*rego.Rego), error) {
	modules, err := p.parse()
	if err != nil {
		return nil, err
	}
	store, err := p.store()
	if err != nil {
		return nil, err
	}
	options := []func(*rego.Rego){rego.Store(store), rego.SetRegoVersion(p.version())}
	for _, file := range p.Modules {
		options = append(options, rego.ParsedModule(modules[file.Path]))
	}
	return options, nil
}

// evaluate runs a prepared query on every part, each one input as JSON text; again has what to
// prepare where the number is unknown. Parts of the answer: the results, in order; see evaluation.
func evaluate(c call) (answer, error) {
	var params struct {
		Prepared int          `json:"prepared"`
		Again    *preparation `json:"again"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	query, ok := preparedQueries[params.Prepared]
	if !ok && params.Again == nil {
		return answer{}, errNotPrepared
	}
	if !ok {
		var err error
		if query, err = params.Again.keep(params.Prepared); err != nil {
			return answer{}, err
		}
	}
	parts := make([][]byte, len(c.parts))
	for i, bytes := range c.parts {
		part, err := encode(evaluateInput(query, bytes))
		if err != nil {
			return answer{}, err
		}
		parts[i] = part
	}
	return answer{parts: parts}, nil
}

// evaluation is one answer: OPA's result set (empty when the query is undefined), or what went wrong.
// Value is the first expression's value as JSON text, for readers whose numbers lose digits.
type evaluation struct {
	Results rego.ResultSet `json:"results"`
	Value   *string        `json:"value,omitempty"`
	Issues  []issue        `json:"issues,omitempty"`
}

// evaluateInput decodes an input exactly as `opa eval --input` does.
func evaluateInput(query rego.PreparedEvalQuery, bytes []byte) evaluation {
	var input any
	if err := util.Unmarshal(bytes, &input); err != nil {
		return inputFailure(err)
	}
	value, err := ast.InterfaceToValue(input)
	if err != nil {
		return inputFailure(err)
	}
	return evaluateOne(query, rego.EvalParsedInput(value))
}

func inputFailure(err error) evaluation {
	return evaluation{Issues: []issue{{Code: "input_error", Message: err.Error()}}}
}

func evaluateOne(query rego.PreparedEvalQuery, options ...rego.EvalOption) evaluation {
	results, err := query.Eval(context.Background(), options...)
	if err != nil {
		return evaluation{Issues: issues(err)}
	}
	if len(results) == 0 || len(results[0].Expressions) == 0 {
		return evaluation{Results: results}
	}
	text, err := encode(results[0].Expressions[0].Value)
	if err != nil {
		return evaluation{Issues: issues(err)}
	}
	value := string(text)
	return evaluation{Results: results, Value: &value}
}
