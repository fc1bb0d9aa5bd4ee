#!/bin/sh
# Everything that guards a commit, the two real servers included. The first thing that
# fails ends it; pytest comes last, so that its summary closes.
#
#   scripts/test.sh [what pytest shall be told]
set -eu
cd "$(dirname "$0")/.."
scripts/bootstrap.sh --dev
scripts/check.sh --static
.venv/bin/python -m launcher train
.venv/bin/python -m scripts.validate
scripts/rasa-test.sh
if command -v npm >/dev/null 2>&1; then
    scripts/test-web.sh
else
    echo "! 没有 Node.js 20 以上，网页没有测。 No Node.js: the widget was not tested." >&2
fi
exec .venv/bin/python -m pytest "$@"
