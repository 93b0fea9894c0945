package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

// source is one file of a policy, named by its path inside the policy's folder.
type source struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// policy is what a verb works on. Documents are data.json and data.yaml files, mounted at their
// folder's path; data is one more document at the root. Schemas are keyed by their dotted name
// below `schema`.
type policy struct {
	Modules     []source                   `json:"modules"`
	Documents   []source                   `json:"documents"`
	Data        json.RawMessage            `json:"data"`
	Schemas     map[string]json.RawMessage `json:"schemas"`
	RegoVersion *int                       `json:"regoVersion"`
}

func (p policy) version() ast.RegoVersion {
	if p.RegoVersion != nil && *p.RegoVersion == 0 {
		return ast.RegoV0
	}
	return ast.RegoV1
}

func (p policy) capabilities() *ast.Capabilities {
	return ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(p.version()))
}

func (p policy) parserOptions() ast.ParserOptions {
	return ast.ParserOptions{
		RegoVersion:       p.version(),
		ProcessAnnotation: true,
		Capabilities:      p.capabilities(),
	}
}

// parse parses every module and reports the errors of all of them, not of the first.
func (p policy) parse() (map[string]*ast.Module, error) {
	modules := make(map[string]*ast.Module, len(p.Modules))
	var failed ast.Errors
	for _, file := range p.Modules {
		module, err := p.parseOne(file)
		if err != nil {
			errs, ok := err.(ast.Errors)
			if !ok {
				return nil, err
			}
			failed = append(failed, errs...)
			continue
		}
		if module == nil {
			failed = append(failed, emptyModule(file.Path))
			continue
		}
		modules[file.Path] = module
	}
	if len(failed) > 0 {
		return nil, failed
	}
	return modules, nil
}

func emptyModule(file string) *ast.Error {
	return ast.NewError(ast.ParseErr, ast.NewLocation(nil, file, 1, 1), "empty module")
}

// schemaSet decodes the schemas, or returns nil where there are none.
func (p policy) schemaSet() (*ast.SchemaSet, error) {
	if len(p.Schemas) == 0 {
		return nil, nil
	}
	set := ast.NewSchemaSet()
	for name, raw := range p.Schemas {
		var schema any
		if err := util.Unmarshal(raw, &schema); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		key := ast.Ref{ast.SchemaRootDocument}
		for part := range strings.SplitSeq(name, ".") {
			key = append(key, ast.StringTerm(part))
		}
		set.Put(key, schema)
	}
	return set, nil
}

// files lays the policy out as the folder that `opa build -b` would read.
func (p policy) files() (fstest.MapFS, error) {
	files := fstest.MapFS{}
	add := func(name string, text []byte) error {
		name = strings.TrimPrefix(path.Clean("/"+name), "/")
		if _, taken := files[name]; taken {
			return fmt.Errorf("two files are named %s", name)
		}
		files[name] = &fstest.MapFile{Data: text, Mode: 0o600}
		return nil
	}
	for _, file := range append(p.Modules, p.Documents...) {
		if err := add(file.Path, []byte(file.Text)); err != nil {
			return nil, err
		}
	}
	if p.hasData() {
		// The loader takes one data file a folder, so a root document given in both forms is merged.
		if err := p.mergeRoot(files); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (p policy) hasData() bool {
	return len(p.Data) > 0 && !bytes.Equal(p.Data, []byte("null"))
}

func (p policy) mergeRoot(files fstest.MapFS) error {
	root := map[string]any{}
	for _, name := range []string{"data.json", "data.yaml", "data.yml"} {
		if file, ok := files[name]; ok {
			if err := util.Unmarshal(file.Data, &root); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			delete(files, name)
		}
	}
	var extra map[string]any
	if err := util.Unmarshal(p.Data, &extra); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	merged, err := json.Marshal(mergeObjects(root, extra))
	if err != nil {
		return err
	}
	files["data.json"] = &fstest.MapFile{Data: merged, Mode: 0o600}
	return nil
}

// mergeObjects lays b over a: objects are merged, everything else is replaced.
func mergeObjects(a, b map[string]any) map[string]any {
	for key, value := range b {
		below, isObject := a[key].(map[string]any)
		above, both := value.(map[string]any)
		if isObject && both {
			a[key] = mergeObjects(below, above)
		} else {
			a[key] = value
		}
	}
	return a
}

// document returns the policy's data as one object, mounted and merged as in a bundle.
func (p policy) document() (map[string]any, error) {
	if len(p.Documents) == 0 && !p.hasData() {
		return map[string]any{}, nil
	}
	p.Modules = nil
	files, err := p.files()
	if err != nil {
		return nil, err
	}
	loaded, err := loader.NewFileLoader().WithFS(files).AsBundle(".")
	if err != nil {
		return nil, err
	}
	return loaded.Data, nil
}

// store holds the policy's data for evaluation.
func (p policy) store() (storage.Store, error) {
	data, err := p.document()
	if err != nil {
		return nil, err
	}
	return inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false)), nil
}
