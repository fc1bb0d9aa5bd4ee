#!/bin/sh
# Everything that guards a commit. pytest comes last, so that its summary closes.
set -eu
cd "$(dirname "$0")/.."
scripts/bootstrap.sh --dev
scripts/check.sh --static
.venv/bin/python -m launcher train
.venv/bin/python -m rasa data validate --max-history 5 >/dev/null
# tests/e2e joins when it is green in a fresh clone; until then: pytest tests/e2e
exec .venv/bin/python -m pytest tests/contract tests/unit tests/nlu tests/runtime "$@"
