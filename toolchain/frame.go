package main

import (
	"encoding/binary"
	"errors"
)

// A message is a list of byte strings: a uint32 count, a uint32 length for each, then the bytes,
// all little-endian. The first part is a JSON header; further parts are raw (WASM, archives, events),
// so that nothing is encoded as text only to cross the boundary.

var errFrame = errors.New("malformed frame")

func unpack(message []byte) ([][]byte, error) {
	if len(message) < 4 {
		return nil, errFrame
	}
	count := uint64(binary.LittleEndian.Uint32(message))
	offset := 4 + 4*count
	if offset > uint64(len(message)) {
		return nil, errFrame
	}
	parts := make([][]byte, count)
	for i := range parts {
		end := offset + uint64(binary.LittleEndian.Uint32(message[4+4*i:]))
		if end > uint64(len(message)) {
			return nil, errFrame
		}
		parts[i] = message[offset:end:end]
		offset = end
	}
	return parts, nil
}

func pack(parts [][]byte) []byte {
	size := 4 + 4*len(parts)
	for _, part := range parts {
		size += len(part)
	}
	message := make([]byte, 0, size)
	message = binary.LittleEndian.AppendUint32(message, uint32(len(parts)))
	for _, part := range parts {
		message = binary.LittleEndian.AppendUint32(message, uint32(len(part)))
	}
	for _, part := range parts {
		message = append(message, part...)
	}
	return message
}
