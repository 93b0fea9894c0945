package main

import (
	"context"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

type testParams struct {
	Policy   policy `json:"policy"`
	Run      string `json:"run"`
	Coverage bool   `json:"coverage"`
	// Timeout of one test, in milliseconds.
	Timeout int `json:"timeout"`
}

// outcome is the result of one test.
type outcome struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Status  string `json:"status"`
	Place   place  `json:"place"`
	// FailedAt is the expression that did not hold, for a failed test.
	FailedAt *place          `json:"failedAt,omitempty"`
	Failed   string          `json:"failed,omitempty"`
	Output   string          `json:"output,omitempty"`
	Issues   []issue         `json:"issues,omitempty"`
	Duration int64           `json:"nanoseconds"`
	Cases    map[string]bool `json:"cases,omitempty"`
}

// test runs a policy's tests with OPA's runner.
func test(c call) (answer, error) {
	params := testParams{Timeout: 5000}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	modules, err := params.Policy.parse()
	if err != nil {
		return answer{}, err
	}
	compiler, err := params.Policy.compiler()
	if err != nil {
		return answer{}, err
	}
	store, err := params.Policy.store()
	if err != nil {
		return answer{}, err
	}
	var coverage *cover.Cover
	runner := tester.NewRunner().
		SetCompiler(compiler).
		SetStore(store).
		SetModules(modules).
		CapturePrintOutput(true).
		EnableTracing(true).
		SetTimeout(time.Duration(params.Timeout) * time.Millisecond).
		SetParallel(1).
		Filter(params.Run)
	if params.Coverage {
		coverage = cover.New()
		runner.SetCoverageQueryTracer(coverage)
	}
	outcomes, err := runTests(runner, store)
	if err != nil {
		return answer{}, err
	}
	result := map[string]any{"tests": outcomes}
	if coverage != nil {
		result["coverage"] = coverage.Report(modules)
	}
	return answer{result: result}, nil
}

func runTests(runner *tester.Runner, store storage.Store) ([]outcome, error) {
	ctx := context.Background()
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	results, err := runner.RunTests(ctx, txn)
	if err != nil {
		return nil, err
	}
	outcomes := []outcome{}
	for result := range results {
		outcomes = append(outcomes, outcomeOf(result))
	}
	return outcomes, nil
}

func outcomeOf(result *tester.Result) outcome {
	o := outcome{
		Package:  result.Package,
		Name:     result.Name,
		Status:   "pass",
		Place:    placeOf(result.Location),
		Output:   string(result.Output),
		Duration: result.Duration.Nanoseconds(),
	}
	switch {
	case result.Error != nil:
		o.Status, o.Issues = "error", issues(result.Error)
	case result.Skip:
		o.Status = "skip"
	case result.Fail:
		o.Status = "fail"
		o.FailedAt, o.Failed = failedAt(result.Trace)
	}
	for name, sub := range result.SubResults {
		if o.Cases == nil {
			o.Cases = map[string]bool{}
		}
		o.Cases[name] = !sub.Fail
	}
	return o
}

// failedAt finds the expression whose failure made the test fail: the last one in the trace, where
// an `every` yields to the expression inside it.
func failedAt(trace []*topdown.Event) (*place, string) {
	for i := len(trace) - 1; i >= 0; i-- {
		event := trace[i]
		if event.Op != topdown.FailOp || event.Location == nil || event.QueryID == 0 {
			continue
		}
		expr, ok := event.Node.(*ast.Expr)
		if !ok || expr.IsEvery() {
			continue
		}
		at := placeOf(event.Location)
		return &at, string(event.Location.Text)
	}
	return nil, ""
}
