package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
)

type buildParams struct {
	Policy      policy          `json:"policy"`
	Target      string          `json:"target"`
	Entrypoints []string        `json:"entrypoints"`
	Manifest    json.RawMessage `json:"manifest"`
	Revision    *string         `json:"revision"`
	Optimize    int             `json:"optimize"`
}

// build compiles a bundle through the same calls as `opa build -b`, from a folder in memory, so the
// archive has the bytes that `opa build` writes. Parts: the archive, policy.wasm, data.json.
func build(c call) (answer, error) {
	params := buildParams{Target: compile.TargetWasm}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	// The loader names no file in some of its errors; parsing first gives every error its place.
	if _, err := params.Policy.parse(); err != nil {
		return answer{}, err
	}
	files, err := params.files()
	if err != nil {
		return answer{}, err
	}
	var archive bytes.Buffer
	compiler := compile.New().
		WithFS(files).
		WithPaths(".").
		WithAsBundle(true).
		WithTarget(params.Target).
		WithCapabilities(params.Policy.capabilities()).
		WithRegoVersion(params.Policy.version()).
		WithOptimizationLevel(params.Optimize).
		WithRegoAnnotationEntrypoints(true).
		WithEntrypoints(params.Entrypoints...)
	if params.Revision != nil {
		compiler = compiler.WithRevision(*params.Revision)
	}
	if err := compiler.Build(context.Background()); err != nil {
		return answer{}, err
	}
	nameModule(compiler.Bundle())
	// What the compiler itself does where it is given an output.
	if err := bundle.NewWriter(&archive).Write(*compiler.Bundle()); err != nil {
		return answer{}, err
	}
	return built(compiler.Bundle(), archive.Bytes())
}

// nameModule writes into the manifest's residuals which policy.wasm they are about, so that nobody
// takes them for those of another one that was put in its place.
func nameModule(result *bundle.Bundle) {
	residuals, ok := result.Manifest.Metadata["residuals"].(map[string]any)
	if !ok || len(result.WasmModules) == 0 {
		return
	}
	residuals["wasm"] = fmt.Sprintf("%x", sha256.Sum256(result.WasmModules[0].Raw))
}

func (p buildParams) files() (fstest.MapFS, error) {
	files, err := p.Policy.files()
	if err == nil && len(p.Manifest) > 0 && !bytes.Equal(p.Manifest, []byte("null")) {
		files[bundle.ManifestExt] = &fstest.MapFile{Data: p.Manifest, Mode: 0o600}
	}
	return files, err
}

func built(result *bundle.Bundle, archive []byte) (answer, error) {
	data, err := encode(result.Data)
	if err != nil {
		return answer{}, err
	}
	var module []byte
	if len(result.WasmModules) > 0 {
		module = result.WasmModules[0].Raw
	}
	entrypoints := make([]string, 0, len(result.Manifest.WasmResolvers))
	for _, resolver := range result.Manifest.WasmResolvers {
		entrypoints = append(entrypoints, resolver.Entrypoint)
	}
	return answer{
		result: map[string]any{"entrypoints": entrypoints, "manifest": result.Manifest},
		parts:  [][]byte{archive, module, data},
	}, nil
}
