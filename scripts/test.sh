#!/bin/sh
# Everything that guards a commit. pytest comes last, so that its summary closes.
set -eu
cd "$(dirname "$0")/.."
scripts/bootstrap.sh --dev
scripts/check.sh --static
.venv/bin/python -m launcher train
.venv/bin/python -m rasa data validate --fail-on-warnings --max-history 5
exec .venv/bin/python -m pytest "$@"
