#!/bin/sh
# All set-up, from nothing but Python: the virtual environment, the pinned packages, this package, LanguageTool where it can be had.
# Everything after this works without a network.
set -eu
cd "$(dirname "$0")/.."
venv=${VENV:-.venv}
say() { printf '%s\n' "$1" >&2; }

python=${PYTHON:-}
if [ -z "$python" ]; then
  for candidate in python3.11 python3.12 python3.13 python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
fi
if [ -z "$python" ]; then
  say "Set-up needs Python 3.11, 3.12 or 3.13, and found none: install python3 (Debian: apt install python3 python3-venv) and run make again."
  exit 2
fi

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  # Debian ships Python without the part that makes environments; it can be fetched at once where we may
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    say "Installing python3-venv, which Debian keeps apart."
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } >/dev/null 2>&1 || true
  fi
  rm -rf "$venv"
  if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    say "Python cannot make an environment here: install python3-venv (Debian: sudo apt install python3-venv) and run make again."
    exit 2
  fi
fi

say "Installing the pinned packages (about a minute the first time) …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

# optional: without it the built-in proofreader, Harper, reads alone
"$venv/bin/analyzer" setup >&2 || say "Going on without LanguageTool; “$venv/bin/analyzer doctor” says how to get it."
touch "$venv/.ready"
