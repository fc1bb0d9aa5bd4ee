#!/bin/sh
# Everything that guards a commit. The first thing that fails ends it; pytest comes last,
# so that its summary closes.
#
#   scripts/test.sh [what pytest shall be told]
set -eu
cd "$(dirname "$0")/.."
scripts/bootstrap.sh --dev
scripts/check.sh --static
.venv/bin/python -m launcher train
.venv/bin/python -m scripts.validate
exec .venv/bin/python -m pytest tests/contract tests/unit tests/nlu tests/runtime "$@"
