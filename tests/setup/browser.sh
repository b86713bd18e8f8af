#!/bin/sh
# Makes LINK a symbolic link to a program of the browser tests: the one on PATH, or Debian's package. LINK's name says which:
# chromium, firefox; webkitdriver, minibrowser (the browser that it drives) and xvfb (the screen that this one needs).
#
#   browser.sh LINK
set -eu
link=$1
case $(basename "$link") in
  chromium)
    names='chromium chromium-browser google-chrome google-chrome-stable' packages='chromium fonts-dejavu-core' ;;
  firefox) names='firefox-esr firefox' packages='firefox-esr fonts-dejavu-core' ;;
  webkitdriver) names=WebKitWebDriver packages=webkit2gtk-driver ;;
  minibrowser) names='MiniBrowser' packages=webkit2gtk-driver ;;
  xvfb) names=Xvfb packages=xvfb ;;
  *) echo "browser.sh: there is no program for $link" >&2; exit 1 ;;
esac
find_one() {
  for name in $names; do
    command -v "$name" && return 0
    # Distributions keep WebKitGTK's browser off PATH, in a folder of the library's version.
    for file in /usr/lib/*/webkit2gtk-4.1/"$name" /usr/libexec/webkit2gtk-4.1/"$name"; do
      [ -x "$file" ] && echo "$file" && return 0
    done
  done
  return 1
}
found=$(find_one) || {
  # shellcheck disable=SC2086 # a list of words
  "$(dirname "$0")/apt.sh" "${names%% *}" $packages
  found=$(find_one)
}
[ "$(readlink "$link" 2>/dev/null)" = "$found" ] && exit 0
mkdir -p "$(dirname "$link")"
ln -sfn "$found" "$link"
echo "browser: $found"
