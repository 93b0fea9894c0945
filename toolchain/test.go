package main

import (
	"context"
	"regexp"
	"strings"
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

// test runs a policy's tests with OPA's runner. Those that fail are run once more to find out where.
func test(c call) (answer, error) {
	params := testParams{Timeout: 5000}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	var tracer topdown.QueryTracer
	coverage := cover.New()
	if params.Coverage {
		tracer = coverage
	}
	results, modules, err := params.runTests(params.Run, tracer)
	if err != nil {
		return answer{}, err
	}
	failed, err := params.findFailures(results)
	if err != nil {
		return answer{}, err
	}
	outcomes := make([]outcome, 0, len(results))
	for _, one := range results {
		outcomes = append(outcomes, outcomeOf(one, failed))
	}
	result := map[string]any{"tests": outcomes}
	if params.Coverage {
		result["coverage"] = coverage.Report(modules)
	}
	return answer{result: result}, nil
}

func (p testParams) runTests(
	filter string, tracer topdown.QueryTracer,
) ([]*tester.Result, map[string]*ast.Module, error) {
	modules, err := p.Policy.parse()
	if err != nil {
		return nil, nil, err
	}
	compiler, err := p.Policy.compiler()
	if err != nil {
		return nil, nil, err
	}
	store, err := p.Policy.store()
	if err != nil {
		return nil, nil, err
	}
	runner := tester.NewRunner().
		SetCompiler(compiler).
		SetStore(store).
		SetModules(modules).
		SetCoverageQueryTracer(&pacer{inner: tracer}).
		CapturePrintOutput(true).
		SetTimeout(time.Duration(p.Timeout) * time.Millisecond).
		SetParallel(1).
		Filter(filter)
	results, err := drain(runner, store)
	return results, modules, err
}

func drain(runner *tester.Runner, store storage.Store) ([]*tester.Result, error) {
	ctx := context.Background()
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	channel, err := runner.RunTests(ctx, txn)
	if err != nil {
		return nil, err
	}
	var results []*tester.Result
	for result := range channel {
		results = append(results, result)
	}
	return results, nil
}

// findFailures runs the failed tests again and returns where each of them failed.
func (p testParams) findFailures(results []*tester.Result) (map[string]failedExpr, error) {
	var names []string
	for _, one := range results {
		if one.Fail && one.Error == nil {
			names = append(names, regexp.QuoteMeta(fullName(one)))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	tracer := &failureTracer{failed: map[string]failedExpr{}}
	_, _, err := p.runTests("^("+strings.Join(names, "|")+")$", tracer)
	return tracer.failed, err
}

func fullName(result *tester.Result) string {
	return result.Package + "." + result.Name
}

func outcomeOf(result *tester.Result, failed map[string]failedExpr) outcome {
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
		if at, ok := failed[fullName(result)]; ok {
			o.FailedAt, o.Failed = &at.place, at.text
		}
	}
	for name, sub := range result.SubResults {
		if o.Cases == nil {
			o.Cases = map[string]bool{}
		}
		o.Cases[name] = !sub.Fail
	}
	return o
}
