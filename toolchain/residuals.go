package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	astjson "github.com/open-policy-agent/opa/v1/ast/json"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// supportNamespace stands before the names of rules that partial evaluation writes, spelled as no
// package is.
const supportNamespace = "$partial"

// residual is what is left of one query: OR of bodies, over rules in support modules; or why there
// is nothing: it would have taken too many steps, or OPA failed.
type residual struct {
	Queries []ast.Body    `json:"queries"`
	Support []*ast.Module `json:"support"`
	Failure string        `json:"failure,omitempty"`
}

// original is a rule that a residual refers to and that was not part of its evaluation: one inside
// of a comprehension, or with an `else`. Rules is set where partial evaluation does not enter it.
type original struct {
	// Path has the rule's names, without `data`.
	Path []string `json:"path"`
	*residual
	Rules []*ast.Rule `json:"rules,omitempty"`
}

// residuals partially evaluates rules with input and everything that is data and not a rule unknown.
// Inlining is shallow: each rule stays a rule, so nothing multiplies. The one part has, as JSON, the
// residual of each reference asked for, and under `originals` every rule that those need besides.
func residuals(c call) (answer, error) {
	var params struct {
		Policy policy   `json:"policy"`
		Rules  []string `json:"rules"`
		Steps  int      `json:"steps"`
	}
	if err := c.into(&params); err != nil {
		return answer{}, err
	}
	modules, err := params.Policy.parse()
	if err != nil {
		return answer{}, err
	}
	compiler := ast.NewCompiler().
		WithDefaultRegoVersion(params.Policy.version()).
		WithCapabilities(params.Policy.capabilities())
	if compiler.Compile(modules); compiler.Failed() {
		return answer{}, compiler.Errors
	}
	run := newResidueRun(compiler, params.Steps)
	left := make([]*residual, len(params.Rules))
	for i, rule := range params.Rules {
		if left[i], err = run.evaluate(rule + "[x]"); err != nil {
			return answer{}, err
		}
	}
	if err := run.followOriginals(); err != nil {
		return answer{}, err
	}
	tree, err := encodeStatements(map[string]any{
		"residuals": left,
		"rules":     rulePaths(compiler),
		"originals": slices.SortedFunc(maps.Values(run.originals), byPath),
	})
	if err != nil {
		return answer{}, err
	}
	return answer{
		result: map[string]any{"nondeterministic": nondeterministicBuiltins()},
		parts:  [][]byte{tree},
	}, nil
}

// rulePaths has the names of every rule of the policy, without `data`: what stands elsewhere below
// data is a document.
func rulePaths(compiler *ast.Compiler) [][]string {
	paths := [][]string{}
	for _, module := range compiler.Modules {
		for _, rule := range module.Rules {
			paths = append(paths, segments(rule.Ref().GroundPrefix()))
		}
	}
	slices.SortFunc(paths, slices.Compare[[]string])
	return slices.CompactFunc(paths, slices.Equal[[]string])
}

func nondeterministicBuiltins() []string {
	names := []string{}
	for _, builtin := range ast.Builtins {
		if builtin.Nondeterministic {
			names = append(names, builtin.Name)
		}
	}
	return names
}

type residueRun struct {
	compiler  *ast.Compiler
	store     storage.Store
	unknowns  []*ast.Term
	steps     int
	originals map[string]original
	// waiting are references to rules that nothing has been found out about yet.
	waiting []ast.Ref
}

func newResidueRun(compiler *ast.Compiler, steps int) *residueRun {
	return &residueRun{
		compiler:  compiler,
		store:     inmem.New(),
		unknowns:  unknownsOf(compiler),
		steps:     steps,
		originals: map[string]original{},
	}
}

// unknownsOf names input and every document that the rules read and that is no rule: data may be
// replaced after compilation, so nothing of it counts as known, nor as missing.
func unknownsOf(compiler *ast.Compiler) []*ast.Term {
	unknowns := []*ast.Term{ast.NewTerm(ast.InputRootRef)}
	seen := map[string]bool{}
	// Not whole modules: their packages and imports are references too.
	visit := func(ref ast.Ref) bool {
		if unknown := documentOf(compiler, ref); unknown != nil && !seen[unknown.String()] {
			seen[unknown.String()] = true
			unknowns = append(unknowns, ast.NewTerm(unknown))
		}
		return false
	}
	for _, module := range compiler.Modules {
		for _, rule := range module.Rules {
			ast.WalkRefs(rule, visit)
		}
	}
	return unknowns
}

// documentOf is the shortest prefix of a reference to data that no rule stands at or below, or that
// is followed by a variable where rules and documents may stand side by side; nil for a rule.
func documentOf(compiler *ast.Compiler, ref ast.Ref) ast.Ref {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return nil
	}
	node := compiler.RuleTree.Child(ast.DefaultRootDocument.Value)
	for i := 1; i < len(ref) && node != nil; i++ {
		if len(node.Values) > 0 {
			return nil
		}
		if !ref[i].IsGround() {
			return ref[:i]
		}
		if node = node.Child(ref[i].Value); node == nil {
			return ref[:i+1]
		}
	}
	if node != nil && len(node.Values) > 0 {
		return nil
	}
	return ref
}

// ruleOf is the prefix of a reference at which rules stand; nil where there are none.
func ruleOf(compiler *ast.Compiler, ref ast.Ref) ast.Ref {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return nil
	}
	node := compiler.RuleTree.Child(ast.DefaultRootDocument.Value)
	for i := 1; i < len(ref) && node != nil; i++ {
		if node = node.Child(ref[i].Value); node != nil && len(node.Values) > 0 {
			return ref[:i+1]
		}
	}
	return nil
}

// evaluate partially evaluates a query and notes the rules that what is left of it refers to.
func (r *residueRun) evaluate(text string) (*residual, error) {
	body, err := ast.ParseBody(text)
	if err != nil {
		return nil, err
	}
	queryCompiler := r.compiler.QueryCompiler()
	compiled, err := queryCompiler.Compile(body)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	txn, err := r.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer r.store.Abort(ctx, txn)
	query := topdown.NewQuery(compiled).
		WithQueryCompiler(queryCompiler).
		WithCompiler(r.compiler).
		WithStore(r.store).
		WithTransaction(txn).
		WithUnknowns(r.unknowns).
		WithShallowInlining(true).
		WithPartialNamespace(supportNamespace).
		WithCancel(&stepCounter{left: r.steps})
	left := run(ctx, query)
	for i, query := range left.Queries {
		left.Queries[i] = query.Copy()
		r.note(left.Queries[i])
	}
	for _, module := range left.Support {
		r.note(module)
	}
	return left, nil
}

// run keeps a failure, and a panic on what OPA was not made for, to the one query.
func run(ctx context.Context, query *topdown.Query) (left *residual) {
	defer func() {
		if cause := recover(); cause != nil {
			left = &residual{Failure: fmt.Sprint("OPA panicked: ", cause)}
		}
	}()
	queries, support, err := query.PartialRun(ctx)
	if topdown.IsCancel(err) {
		return &residual{Failure: "partial evaluation takes too many steps"}
	}
	if err != nil {
		return &residual{Failure: err.Error()}
	}
	return &residual{Queries: queries, Support: support}
}

// note remembers what rules a piece of syntax refers to.
func (r *residueRun) note(syntax any) {
	ast.WalkRefs(syntax, func(ref ast.Ref) bool {
		rule := ruleOf(r.compiler, ref)
		if rule == nil {
			return false
		}
		if _, known := r.originals[rule.String()]; !known {
			r.originals[rule.String()] = original{}
			r.waiting = append(r.waiting, rule.Copy())
		}
		return false
	})
}

func (r *residueRun) followOriginals() error {
	for len(r.waiting) > 0 {
		rule := r.waiting[len(r.waiting)-1]
		r.waiting = r.waiting[:len(r.waiting)-1]
		found, err := r.original(rule)
		if err != nil {
			return err
		}
		r.originals[rule.String()] = found
	}
	return nil
}

// original is a rule partially evaluated, or its source where that leaves a reference to the rule.
// Of functions it is the source: what they are given decides what is left of them.
func (r *residueRun) original(rule ast.Ref) (original, error) {
	rules := r.compiler.GetRulesWithPrefix(rule)
	if len(rules[0].Head.Args) == 0 {
		left, err := r.evaluate(rule.String() + " = x")
		if err != nil {
			return original{}, err
		}
		if left.Failure == "" && !r.refersTo(left, rule) {
			return original{Path: segments(rule), residual: left}, nil
		}
	}
	return original{Path: segments(rule), Rules: r.source(rules)}, nil
}

func byPath(a, b original) int { return slices.Compare(a.Path, b.Path) }

func (r *residueRun) source(rules []*ast.Rule) []*ast.Rule {
	copies := make([]*ast.Rule, len(rules))
	for i := range rules {
		copies[i] = rules[i].Copy()
		for link := copies[i]; link != nil; link = link.Else {
			link.Annotations = nil
		}
		r.note(copies[i])
	}
	return copies
}

func (r *residueRun) refersTo(left *residual, rule ast.Ref) bool {
	found := false
	visit := func(ref ast.Ref) bool {
		found = found || ref.HasPrefix(rule)
		return found
	}
	for _, query := range left.Queries {
		ast.WalkRefs(query, visit)
	}
	for _, module := range left.Support {
		ast.WalkRefs(module, visit)
	}
	return found
}

// stepCounter ends an evaluation after a number of steps, which unlike a time is the same everywhere.
type stepCounter struct{ left int }

func (s *stepCounter) Cancel() { s.left = 0 }

func (s *stepCounter) Cancelled() bool {
	s.left--
	return s.left < 0
}

// encodeStatements encodes syntax with the location of every expression and rule head, and with
// numbers that a double does not hold as strings.
func encodeStatements(syntax any) ([]byte, error) {
	defer astjson.SetOptions(astjson.GetOptions())
	astjson.SetOptions(astjson.Options{MarshalOptions: astjson.MarshalOptions{
		IncludeLocation: astjson.NodeToggle{Expr: true, Head: true},
	}})
	text, err := encode(syntax)
	if err != nil {
		return nil, err
	}
	return numberTerm.ReplaceAllFunc(text, quoteInexact), nil
}

// numberTerm never matches inside of a string, where quotes are escaped.
var numberTerm = regexp.MustCompile(`"type":"number","value":[-+.0-9eE]+`)

func quoteInexact(term []byte) []byte {
	at := bytes.LastIndexByte(term, ':') + 1
	if isDouble(string(term[at:])) {
		return term
	}
	return fmt.Appendf(nil, "%s%q", term[:at], term[at:])
}

// isDouble tells whether a double holds a number's value exactly. Exponents that no double has are
// not looked at: writing such a number out takes its value in bytes.
func isDouble(digits string) bool {
	if _, exponent, ok := strings.Cut(strings.ToLower(digits), "e"); ok && len(exponent) > 4 {
		return false
	}
	exact, ok := new(big.Rat).SetString(digits)
	if !ok {
		return false
	}
	_, ok = exact.Float64()
	return ok
}
