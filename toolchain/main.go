// Package main is OPA's compiler, test runner and evaluator as one WebAssembly reactor.
//
// The host writes a request into linear memory and calls one function; see frame.go for the layout
// and dispatch.go for the verbs. One file holds one verb. Nothing here reads files, the clock of the
// host beyond WASI's, the environment or the network: sources come in the request, results go out.
package main

// main is never called: the module is a reactor whose functions are exported in exports_wasip1.go.
func main() {}
