#!/bin/sh
# Writes requirements/*.txt from requirements/*.in, each from a fresh environment.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in app dev rasa; do
    python="$root/.venv-app/bin/python"
    [ "$name" = rasa ] && python="$root/.venv-rasa/bin/python"
    "$python" -m venv "$scratch/$name"
    "$scratch/$name/bin/python" -m pip install --quiet -r "$root/requirements/$name.in"
    # A build tag such as +cpu is one machine's choice: the version alone is the pin.
    "$scratch/$name/bin/python" -m pip freeze | sed 's/+[a-z0-9]*$//' > "$root/requirements/$name.txt"
    echo "requirements/$name.txt"
done
