// Command bench measures OPA's own engine: it evaluates data.guardrails.violations of a policy on
// every line of a log with a prepared query, once to warm up and once on the clock, and prints
// {events, seconds, cpu}.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log"
	"os"
	"syscall"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/util"
)

const query = "data.guardrails.violations"

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: bench POLICY LOG")
	}
	policy, err := os.ReadFile(os.Args[1])
	check(err)
	events, err := os.ReadFile(os.Args[2])
	check(err)
	lines := bytes.Split(bytes.TrimRight(events, "\n"), []byte("\n"))
	ctx := context.Background()
	prepared, err := rego.New(rego.Query(query), rego.Module(os.Args[1], string(policy))).PrepareForEval(ctx)
	check(err)
	evaluate(ctx, prepared, lines)
	used, started := processorTime(), time.Now()
	evaluate(ctx, prepared, lines)
	seconds := time.Since(started).Seconds()
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"events": len(lines), "seconds": seconds, "cpu": processorTime() - used,
	}))
}

// evaluate does what a service does: it parses each event, and asks.
func evaluate(ctx context.Context, prepared rego.PreparedEvalQuery, lines [][]byte) {
	for _, line := range lines {
		var event any
		check(util.UnmarshalJSON(line, &event))
		input, err := ast.InterfaceToValue(event)
		check(err)
		_, err = prepared.Eval(ctx, rego.EvalParsedInput(input))
		check(err)
	}
}

// processorTime is what the process has used so far, in seconds.
func processorTime() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
