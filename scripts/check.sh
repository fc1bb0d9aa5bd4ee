#!/bin/sh
# One definition of "clean": each check runs, then the verdict.
#
#   scripts/check.sh            lint, types, layers, contracts, unit tests
#   scripts/check.sh --static   without the tests
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=

run() {
    name=$1
    shift
    echo "· $name"
    "$@" || failed="$failed $name"
}

run ruff $bin/ruff check .
run format $bin/ruff format --check --quiet .
run yamllint $bin/yamllint --strict .
run mypy $bin/mypy
run layers $bin/lint-imports --no-logo
[ "${1:-}" = --static ] ||
    run tests $bin/python -m pytest -q tests/contract tests/unit \
        tests/runtime/test_contents.py

if [ -n "$failed" ]; then
    echo "✗ 没有通过 failed:$failed" >&2
    exit 1
fi
echo "✓ 全部通过 all clean"
