package main

import "unsafe"

// The buffers stay referenced here while the host reads or writes them, so that Go's collector
// keeps them. There is one call at a time: WebAssembly has one thread.
var requestBuffer, responseBuffer []byte

// request makes room for a request of size bytes and tells the host where to write it.
//
//go:wasmexport request
func request(size uint32) unsafe.Pointer {
	requestBuffer = make([]byte, size)
	return unsafe.Pointer(unsafe.SliceData(requestBuffer))
}

// respond answers the request that was written and returns the response's size.
//
//go:wasmexport respond
func respond() uint32 {
	responseBuffer = handle(requestBuffer)
	requestBuffer = nil
	return uint32(len(responseBuffer))
}

// response tells the host where the response stands.
//
//go:wasmexport response
func response() unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(responseBuffer))
}

// release lets go of the response once the host has copied it.
//
//go:wasmexport release
func release() {
	responseBuffer = nil
}
