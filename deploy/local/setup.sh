#!/bin/sh
# Makes .venv with exactly the packages of requirements.lock; a second run finds nothing to do.
# Plain sh, because it runs before there is any Python of ours. PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/../.."

venv=.venv
lock=requirements.lock
stamp=$venv/installed.lock

say() { printf '%s\n' "$*" >&2; }
refuse() { say ""; say "$*"; exit 1; }

is_ready() { cmp -s "$lock" "$stamp" && "$venv/bin/python" -c '' 2>/dev/null; }
is_ready && exit 0

# A shim on PATH (pyenv, asdf) may name a version that is not there: ask the program itself.
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_make_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }
has_uv() { command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; }

find_python() {
    found=
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 || refuse "PYTHON=$PYTHON is not a program."
        is_new_enough "$PYTHON" || refuse "PYTHON=$PYTHON is older than Python 3.11, the oldest Bilim runs on."
        found=$PYTHON
    else
        for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
            if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
                found=${found:-$candidate}
                if can_make_venv "$candidate"; then found=$candidate; break; fi
            fi
        done
        [ -n "$found" ] || refuse "Bilim needs Python 3.11 or newer, and found none on PATH.
Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python),
or name it: make ${1:-setup} PYTHON=/path/to/python3.11"
    fi
    if ! can_make_venv "$found" && ! has_uv; then
        refuse "$found has no venv module (Debian and Ubuntu keep it in a package of its own).
Install it: apt install python3-venv
Or install uv, or name another Python: make ${1:-setup} PYTHON=/path/to/python3.11"
    fi
}

# One set-up at a time: `make run` and `make test` may be started side by side. A lock of a dead process is taken over.
guard=.venv.lock
waited=0
until mkdir "$guard" 2>/dev/null; do
    [ -w . ] || refuse "This folder ($(pwd)) cannot be written by this user; the set-up makes $venv here."
    owner=$(cat "$guard/process" 2>/dev/null || true)
    if { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; } || { [ -z "$owner" ] && [ "$waited" -ge 5 ]; }; then
        rm -rf "$guard"
        continue
    fi
    [ "$waited" -gt 0 ] || say "Another set-up is under way (process ${owner:-unknown}); waiting for it ..."
    waited=$((waited + 1))
    [ "$waited" -lt 900 ] || refuse "The set-up of process $owner does not end; remove $guard if it is gone."
    sleep 1
done
echo $$ > "$guard/process"
trap 'rm -rf "$guard"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
is_ready && exit 0

if ! "$venv/bin/python" -c '' 2>/dev/null || ! is_new_enough "$venv/bin/python"; then
    find_python
    say "Making $venv with $("$found" --version 2>&1) ($found) ..."
    rm -rf "$venv"
    if can_make_venv "$found"; then
        "$found" -m venv "$venv" || refuse "$found could not make a virtual environment; see above."
    else
        uv venv --quiet --seed --python "$found" "$venv" || refuse "uv could not make a virtual environment; see above."
    fi
fi

rm -f "$stamp"
count=$(grep -c '^[a-zA-Z0-9].*==' "$lock")
say "Installing the $count packages of $lock (about a minute the first time) ..."
installed=
if has_uv; then
    if uv pip sync --quiet --require-hashes --python "$venv/bin/python" "$lock"; then
        installed=yes
    else
        say "uv did not succeed; trying pip ..."
    fi
fi
if [ -z "$installed" ]; then
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null 2>&1 || true
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore \
        "$venv/bin/python" -m pip install --quiet --require-hashes --no-deps -r "$lock" ||
        refuse "The packages could not be installed; see above. The set-up needs a package index once:
check the network, or your index settings (PIP_INDEX_URL, UV_INDEX_URL), and run the same command again."
fi
cp "$lock" "$stamp"
say "Set up."
