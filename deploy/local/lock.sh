#!/bin/sh
# Writes requirements.lock from requirements.in: exact versions and hashes for every platform, and no host name.
set -eu
cd "$(dirname "$0")/../.."
command -v uv >/dev/null 2>&1 || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
# Prefer what is locked already: uv reads the old file and moves only what requirements.in moves. UPGRADE=1 moves all.
made=$(mktemp)
trap 'rm -f "$made"' EXIT
[ -n "${UPGRADE:-}" ] || cp requirements.lock "$made"
uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
    --no-header requirements.in -o "$made"
# Comments could name the index they came from.
grep -v '^[[:space:]]*#' "$made" > requirements.lock
