#!/bin/sh
# Find a Python that the project supports, then make or update .venv with it.
#
#   scripts/bootstrap.sh         what running needs
#   scripts/bootstrap.sh --dev   and what the tests need
#
# WENZHU_PYTHON=/path/to/python chooses one by hand.
set -eu
cd "$(dirname "$0")/.."

supported() {
    # Debian's python3 without python3-venv lacks ensurepip
    "$1" -c 'import ensurepip, sqlite3, ssl, sys
sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

candidates() {
    if [ -n "${WENZHU_PYTHON:-}" ]; then
        echo "$WENZHU_PYTHON"
        return
    fi
    # an environment that works is kept, whatever else is installed
    echo .venv/bin/python
    for version in 3.12 3.11 3.13; do
        command -v "python$version" || true
        for home in "${PYENV_ROOT:-$HOME/.pyenv}/versions" \
            "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/uv/python}"; do
            for found in "$home"/$version.*/bin/python3 \
                "$home"/cpython-$version.*/bin/python3; do
                [ -x "$found" ] && echo "$found"
            done
        done
    done
    command -v python3 || true
    command -v python || true
}

IFS='
'
for python in $(candidates); do
    if supported "$python"; then
        exec "$python" -m launcher.environment "$@"
    fi
done

cat >&2 <<'TEXT'
没有找到 Python 3.11、3.12 或 3.13。请装其中一个再试：
  Debian / Ubuntu   apt install python3 python3-venv
  macOS             brew install python@3.12
  任何系统           uv python install 3.12   或   pyenv install 3.12
No Python 3.11, 3.12 or 3.13 was found: install one of them (see above) and try again.
TEXT
exit 1
