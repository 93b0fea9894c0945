package main

import (
	"runtime"

	"github.com/open-policy-agent/opa/v1/ast"
	opa "github.com/open-policy-agent/opa/v1/version"
)

// version names OPA and Go, and the builtins, keywords and features that this OPA knows.
func version(c call) (answer, error) {
	var params struct {
		Capabilities bool `json:"capabilities"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	result := map[string]any{"opa": opa.Version, "go": runtime.Version()}
	if params.Capabilities {
		result["capabilities"] = ast.CapabilitiesForThisVersion()
	}
	return answer{result: result}, nil
}
