// Decodes JSON objects exactly as OPA reads its input (encoding/json, numbers kept as text), so that
// tests can compare. Standard input: frames of a 32-bit little-endian length and that many bytes.
// Standard output: one line for each, `null` where the text is refused, or not exactly one object;
// else the value as Go writes it.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
)

func decode(text []byte) (map[string]any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value map[string]any
	if decoder.Decode(&value) != nil || value == nil {
		return nil, false
	}
	_, err := decoder.Token()
	return value, err == io.EOF
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		var length uint32
		if binary.Read(in, binary.LittleEndian, &length) != nil {
			return
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			panic(err)
		}
		value, ok := decode(text)
		if !ok {
			out.Encode(nil)
			continue
		}
		out.Encode(value)
	}
}
