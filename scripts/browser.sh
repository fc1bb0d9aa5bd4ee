#!/bin/sh
# Prints the path of a Chromium for the browser tests; installs Debian's if there is none.
set -eu
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
	if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
		command -v "$name"
		exit 0
	fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "没有 Chromium：请先安装，或用 CHROMIUM=路径 指明。 Install Chromium or set CHROMIUM." >&2
	exit 1
fi
{
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-noto-cjk
} >&2
command -v chromium
