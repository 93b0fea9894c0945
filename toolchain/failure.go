package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// failedExpr is the expression whose failure made a test fail.
type failedExpr struct {
	place
	text string
}

// failureTracer remembers, for each test, the last expression that failed. That is what OPA's
// runner shows too, but it keeps the whole trace, which for a big test exhausts the memory.
type failureTracer struct {
	test   string
	failed map[string]failedExpr
}

func (*failureTracer) Enabled() bool { return true }

func (*failureTracer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (t *failureTracer) TraceEvent(event topdown.Event) {
	switch event.Op {
	case topdown.EnterOp:
		// A test is what the runner's query, number 0, asks for.
		if rule, ok := event.Node.(*ast.Rule); ok && event.ParentID == 0 {
			t.test = testName(rule)
		}
	case topdown.FailOp:
		expr, ok := event.Node.(*ast.Expr)
		// What fails in an `every` is said by the expression inside it.
		if ok && event.QueryID != 0 && event.Location != nil && !expr.IsEvery() {
			t.failed[t.test] = failedExpr{placeOf(event.Location), string(event.Location.Text)}
		}
	}
}

// testName names a rule as the runner names its result: without what follows the test's name.
func testName(rule *ast.Rule) string {
	ref := rule.Head.Ref().GroundPrefix()
	for i, term := range ref {
		name := strings.Trim(term.Value.String(), `"`)
		if strings.HasPrefix(name, tester.TestPrefix) {
			ref = ref[:i+1]
			break
		}
	}
	return rule.Module.Package.Path.String() + "." + ref.String()
}
