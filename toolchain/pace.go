package main

import (
	"runtime"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// yieldEvery is the number of evaluation steps between two looks at the timers.
const yieldEvery = 4096

// pacer is a tracer that lets timers fire. Go interrupts nothing in WebAssembly, so the timeout of a
// test that never waits would never come.
type pacer struct {
	*cover.Cover
	steps int
}

// paced returns a tracer that paces, and that records coverage where asked for.
func paced(coverage *cover.Cover, record bool) topdown.QueryTracer {
	if record {
		return &pacer{Cover: coverage}
	}
	return &pacer{}
}

func (p *pacer) Enabled() bool { return true }

func (p *pacer) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (p *pacer) TraceEvent(event topdown.Event) {
	if p.Cover != nil {
		p.Cover.TraceEvent(event)
	}
	if p.steps++; p.steps%yieldEvery == 0 {
		runtime.Gosched()
	}
}
