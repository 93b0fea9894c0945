package main

import (
	"encoding/hex"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/util"
)

// hashFile hashes a file of a bundle as OPA does when it signs or verifies one.
func hashFile(c call) (answer, error) {
	var params struct {
		Name      string `json:"name"`
		Algorithm string `json:"algorithm"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	if len(c.parts) != 1 {
		return answer{}, errFrame
	}
	hasher, err := bundle.NewSignatureHasher(bundle.HashingAlgorithm(params.Algorithm))
	if err != nil {
		return answer{}, err
	}
	var value any = c.parts[0]
	if bundle.IsStructuredDoc(params.Name) {
		value = nil
		if err := util.Unmarshal(c.parts[0], &value); err != nil {
			return answer{}, err
		}
	}
	sum, err := hasher.HashFile(value)
	if err != nil {
		return answer{}, err
	}
	return answer{result: hex.EncodeToString(sum)}, nil
}
