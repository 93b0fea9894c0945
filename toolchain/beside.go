package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

// besides evaluates sets of packages that stand beside one another, on the same event and data: in one
// query, so that what they share is evaluated once.
type besides struct {
	compiler *ast.Compiler
	store    storage.Store
	// sets are queries.
	sets     []string
	steps    int
	together rego.PreparedEvalQuery
	// alone has the queries for single sets, prepared where they were needed.
	alone map[int]rego.PreparedEvalQuery
}

// reading is what a set holds, or why that cannot be said.
type reading struct {
	Elements any     `json:"elements,omitempty"`
	Issues   []issue `json:"issues,omitempty"`
}

// readings are what all sets hold. Most hold the same, which is written once: Each has the position of
// a set's reading.
type readings struct {
	Readings []json.RawMessage `json:"readings"`
	Each     []int             `json:"each"`
}

func newBesides(compiler *ast.Compiler, sets []string, data json.RawMessage, steps int) (*besides, error) {
	var document map[string]any
	if err := util.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	b := &besides{
		compiler: compiler,
		store:    inmem.NewFromObjectWithOpts(document, inmem.OptRoundTripOnWrite(false)),
		sets:     sets,
		steps:    steps,
		alone:    map[int]rego.PreparedEvalQuery{},
	}
	var err error
	b.together, err = b.prepare("[" + strings.Join(sets, ", ") + "]")
	return b, err
}

func (b *besides) prepare(query string) (rego.PreparedEvalQuery, error) {
	return rego.New(
		rego.Compiler(b.compiler), rego.Store(b.store), rego.Query(query),
	).PrepareForEval(context.Background())
}

// read decodes an event as `opa eval --input` does, and evaluates each set on it. One that fails, or
// takes too many steps, spoils the query; then each is evaluated alone.
func (b *besides) read(event []byte) (readings, error) {
	var input any
	if err := util.Unmarshal(event, &input); err != nil {
		return readings{}, err
	}
	value, err := ast.InterfaceToValue(input)
	if err != nil {
		return readings{}, err
	}
	found := readings{Each: make([]int, len(b.sets))}
	at := map[string]int{}
	keep := func(set int, what reading) error {
		text, err := encode(what)
		if err != nil {
			return err
		}
		position, known := at[string(text)]
		if !known {
			position = len(found.Readings)
			at[string(text)] = position
			found.Readings = append(found.Readings, text)
		}
		found.Each[set] = position
		return nil
	}
	sets, err := b.evaluate(b.together, value, b.steps*len(b.sets))
	for i := range b.sets {
		what := reading{}
		if err != nil {
			what = b.readAlone(i, value)
		} else {
			what.Elements = sets.([]any)[i]
		}
		if err := keep(i, what); err != nil {
			return readings{}, err
		}
	}
	return found, nil
}

func (b *besides) readAlone(set int, input ast.Value) reading {
	query, known := b.alone[set]
	if !known {
		var err error
		if query, err = b.prepare(b.sets[set]); err != nil {
			return reading{Issues: issues(err)}
		}
		b.alone[set] = query
	}
	elements, err := b.evaluate(query, input, b.steps)
	if err != nil {
		return reading{Issues: issues(err)}
	}
	return reading{Elements: elements}
}

// evaluate answers with the value of a query that is always defined.
func (b *besides) evaluate(query rego.PreparedEvalQuery, input ast.Value, steps int) (any, error) {
	results, err := query.Eval(
		context.Background(),
		rego.EvalParsedInput(input),
		rego.EvalExternalCancel(&stepCounter{left: steps}),
	)
	if err != nil {
		return nil, err
	}
	return results[0].Expressions[0].Value, nil
}
