#!/bin/sh
# Writes requirements.lock from requirements.in, and requirements-bench.lock from requirements-bench.in: exact versions
# and hashes for every platform, and no host name.
set -eu
cd "$(dirname "$0")/../.."
command -v uv >/dev/null 2>&1 || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
made=$(mktemp)
trap 'rm -f "$made"' EXIT
for name in requirements requirements-bench; do
    # Prefer what is locked already: uv reads the old file and moves only what the .in file moves. UPGRADE=1 moves all.
    : > "$made"
    [ -n "${UPGRADE:-}" ] || [ ! -f "$name.lock" ] || cp "$name.lock" "$made"
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
        --no-header "$name.in" -o "$made"
    # Comments could name the index they came from.
    grep -v '^[[:space:]]*#' "$made" > "$name.lock"
done
