package main

import (
	"runtime"

	"github.com/open-policy-agent/opa/v1/topdown"
)

// yieldEvery is the number of evaluation steps between two looks at the timers.
const yieldEvery = 4096

// pacer is a tracer that lets timers fire, around another one or none. Go interrupts nothing in
// WebAssembly, so without it the timeout of a test that never waits would never come. It makes tests
// some 40% slower, which is less than a hanging one costs.
type pacer struct {
	inner topdown.QueryTracer
	steps int
}

func (*pacer) Enabled() bool { return true }

func (*pacer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (p *pacer) TraceEvent(event topdown.Event) {
	if p.inner != nil {
		p.inner.TraceEvent(event)
	}
	if p.steps++; p.steps%yieldEvery == 0 {
		runtime.Gosched()
	}
}
