#!/bin/sh
# Puts the packages the rating core is measured beside (requirements-bench.lock) into .venv-bench: a folder of its own,
# read only by tests/load/rating_core.py after everything of .venv, so that nothing else can come to need them.
set -eu
cd "$(dirname "$0")/../.."

lock=requirements-bench.lock
into=.venv-bench
cmp -s "$lock" "$into/installed.lock" && exit 0
rm -rf "$into"
if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --require-hashes --no-deps --python .venv/bin/python --target "$into" -r "$lock"
else
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps --target "$into" -r "$lock"
fi
cp "$lock" "$into/installed.lock"
