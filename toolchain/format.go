package main

import "github.com/open-policy-agent/opa/v1/format"

// formatSource formats one module as `opa fmt` does.
func formatSource(c call) (answer, error) {
	var params struct {
		Source      source `json:"source"`
		RegoVersion *int   `json:"regoVersion"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	version := policy{RegoVersion: params.RegoVersion}.version()
	formatted, err := format.SourceWithOpts(
		params.Source.Path,
		[]byte(params.Source.Text),
		format.Opts{RegoVersion: version},
	)
	if err != nil {
		return answer{}, err
	}
	return answer{result: string(formatted)}, nil
}
