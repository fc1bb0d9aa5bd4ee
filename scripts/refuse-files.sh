#!/bin/sh
# Refuse files that do not belong in the history: models, databases, anything large.
limit_kb=500
status=0
for file in "$@"; do
    case "$file" in
    *.tar.gz | *.db | *.sqlite | *.pkl | *.onnx)
        echo "$file: models and databases are not committed" >&2
        status=1
        ;;
    esac
    size_kb=$(($(wc -c <"$file") / 1024))
    if [ "$size_kb" -gt "$limit_kb" ]; then
        echo "$file: ${size_kb} kB, more than ${limit_kb} kB" >&2
        status=1
    fi
done
exit $status
