#!/bin/sh
# Rasa's own test: the stories of tests/stories are understood and led as they say.
set -eu
cd "$(dirname "$0")/.."
log=results/stories/rasa-test.log
mkdir -p results/stories
if .venv/bin/python -m rasa test core --model models/wenzhu.tar.gz --no-plot \
    --stories tests/stories --out results/stories --fail-on-prediction-errors \
    "$@" >"$log" 2>&1; then
    told=$(grep -m 1 "Correct:" "$log" | sed 's/.*Correct: *//')
    echo "✓ rasa test: 故事走对了 stories ($told)"
else
    cat "$log" >&2
    echo "✗ rasa test" >&2
    exit 1
fi
