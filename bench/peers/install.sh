#!/bin/sh
# Installs the other engines beside this file; nothing of them is needed by the application.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$here/.venv"
"$here/.venv/bin/pip" install --quiet --no-deps --require-hashes -r "$here/requirements.txt"
npm --prefix "$here" ci --silent --no-fund --no-audit
