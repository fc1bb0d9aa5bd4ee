#!/bin/sh
# Everything that guards a commit. pytest comes last, so that its summary closes.
set -eu
cd "$(dirname "$0")/.."
scripts/bootstrap.sh --dev
scripts/check.sh --static
.venv/bin/python -m launcher train
.venv/bin/python -m rasa data validate --max-history 5 >/dev/null
# The channels' and the evidence's suites of tests/e2e have been green once; they join
# when they have been so in a fresh clone. Until then: pytest tests/e2e
exec .venv/bin/python -m pytest tests/contract tests/unit tests/nlu tests/runtime \
    tests/e2e/test_acceptance.py tests/e2e/test_flows.py tests/e2e/test_gates.py \
    tests/e2e/test_bad_input.py tests/e2e/test_faults.py tests/e2e/test_privacy.py "$@"
