#!/usr/bin/env bash
# The build step of action.yml: builds recipes, signs where there is a key, pushes where asked to.
set -euo pipefail
parapet() { node "$GITHUB_ACTION_PATH/bin/parapet.cjs" "$@"; }

flags=()
if [[ -n "${SIGNING_KEY:-}" ]]; then
  flags+=(--signing-key env:SIGNING_KEY --keyid "${KEYID:-default}")
fi
if [[ "$RECIPES" == all ]]; then
  parapet build --all "${flags[@]}"
else
  read -r -a recipes <<< "$RECIPES"
  parapet build "${recipes[@]}" "${flags[@]}"
fi
if [[ -n "${PUSH:-}" ]]; then
  output=$(mktemp -d)/bundle.tar.gz
  parapet build "$RECIPES" "${flags[@]}" --output "$output"
  parapet push "$output" "$PUSH"
fi
