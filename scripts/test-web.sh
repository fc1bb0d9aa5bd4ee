#!/bin/sh
# The widget: types, logic, size, then Chromium against the real bot. Needs Node 20 or later.
set -eu
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null 2>&1; then
	echo "没有 Node.js 20 以上，网页没有测。 No Node.js: the widget was not tested." >&2
	exit 1
fi
cd web
npm ci --no-audit --no-fund
npm run build
npm test
npm run budget
CHROMIUM="$(../scripts/browser.sh)" npm run browser -- "$@"
