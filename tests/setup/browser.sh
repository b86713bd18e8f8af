#!/bin/sh
# Makes LINK a symbolic link to a Chromium for the browser tests: the one on PATH, or Debian's package.
#
#   browser.sh LINK
set -eu
link=$1
find_one() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && return 0
  done
  return 1
}
found=$(find_one) || {
  "$(dirname "$0")/apt.sh" chromium chromium fonts-dejavu-core
  found=$(find_one)
}
[ "$(readlink "$link" 2>/dev/null)" = "$found" ] && exit 0
mkdir -p "$(dirname "$link")"
ln -sfn "$found" "$link"
echo "browser: $("$found" --version 2>/dev/null || echo "$found")"
