package main

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// issue is one statement about a source: OPA's code and words, and where.
type issue struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Details []string `json:"details,omitempty"`
	place
}

// place is a one-based position. Columns count code points, as in OPA; the host, which has the
// sources at hand, makes UTF-16 columns of them.
type place struct {
	File string `json:"file,omitempty"`
	Row  int    `json:"row,omitempty"`
	Col  int    `json:"col,omitempty"`
}

func placeOf(location *ast.Location) place {
	if location == nil {
		return place{}
	}
	return place{File: location.File, Row: location.Row, Col: location.Col}
}

// issues lists every statement inside an error: OPA nests lists of them in several types.
func issues(err error) []issue {
	found := []issue{}
	collect(err, &found)
	return found
}

func collect(err error, found *[]issue) {
	var one *ast.Error
	var many ast.Errors
	var loading loader.Errors
	var evaluation *topdown.Error
	switch {
	case errors.As(err, &many):
		for _, e := range many {
			*found = append(*found, issueOf(e))
		}
	case errors.As(err, &one):
		*found = append(*found, issueOf(one))
	case errors.As(err, &loading):
		for _, e := range loading {
			collect(e, found)
		}
	case errors.As(err, &evaluation):
		*found = append(*found, issue{
			Code:    evaluation.Code,
			Message: evaluation.Message,
			place:   placeOf(evaluation.Location),
		})
	case errors.Is(err, errNotPrepared):
		*found = append(*found, issue{Code: "not_prepared", Message: err.Error()})
	default:
		*found = append(*found, issue{Code: "opa_error", Message: err.Error()})
	}
}

func issueOf(e *ast.Error) issue {
	result := issue{Code: e.Code, Message: e.Message, place: placeOf(e.Location)}
	if e.Details != nil {
		result.Details = e.Details.Lines()
	}
	return result
}
