package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
)

// call is one request: the verb's parameters as JSON, and the raw parts that came with it.
type call struct {
	params json.RawMessage
	parts  [][]byte
}

// into decodes the parameters, keeping the digits of numbers.
func (c call) into(target any) error {
	decoder := json.NewDecoder(bytes.NewReader(c.params))
	decoder.UseNumber()
	return decoder.Decode(target)
}

// answer is what a verb returns: a value that becomes JSON, and raw parts.
type answer struct {
	result any
	parts  [][]byte
}

type verb func(call) (answer, error)

var verbs = map[string]verb{
	"annotations": annotations,
	"build":       build,
	"builtin":     builtin,
	"check":       check,
	"query":       compileQuery,
	"evaluate":    evaluate,
	"format":      formatSource,
	"mutants":     mutants,
	"forget":      forget,
	"hash":        hashFile,
	"parse":       parse,
	"partial":     partial,
	"prepare":     prepare,
	"residuals":   residuals,
	"test":        test,
	"version":     version,
}

// handle answers one message. A panic in a verb becomes an error response: OPA panics on some
// hostile input, and the instance is still sound after unwinding.
func handle(message []byte) (response []byte) {
	defer func() {
		if cause := recover(); cause != nil {
			response = failure(crash{cause: fmt.Sprint(cause), stack: string(debug.Stack())})
		}
	}()
	parts, err := unpack(message)
	if err != nil {
		return failure(err)
	}
	if len(parts) == 0 {
		return failure(errFrame)
	}
	var header struct {
		Verb   string          `json:"verb"`
		Params json.RawMessage `json:"params"`
	}
	if err := json.Unmarshal(parts[0], &header); err != nil {
		return failure(err)
	}
	run, ok := verbs[header.Verb]
	if !ok {
		return failure(fmt.Errorf("unknown verb %q", header.Verb))
	}
	result, err := run(call{params: header.Params, parts: parts[1:]})
	if err != nil {
		return failure(err)
	}
	head, err := encode(map[string]any{"result": result.result})
	if err != nil {
		return failure(err)
	}
	return pack(append([][]byte{head}, result.parts...))
}

func failure(err error) []byte {
	response := map[string]any{"message": err.Error(), "issues": issues(err)}
	var crashed crash
	if errors.As(err, &crashed) {
		response["stack"] = crashed.stack
	}
	head, encodeErr := encode(map[string]any{"failure": response})
	if encodeErr != nil {
		head = []byte(`{"failure":{"message":"error could not be encoded","issues":[]}}`)
	}
	return pack([][]byte{head})
}

// encode writes JSON without HTML escapes, so that results read like their sources.
func encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// crash is a panic as an error.
type crash struct{ cause, stack string }

func (c crash) Error() string { return "OPA panicked: " + c.cause }
