#!/bin/sh
# Puts Debian packages in place where they are missing; where there is no apt-get, says which command is wanted.
#
#   apt.sh COMMAND PACKAGE…        COMMAND is what the packages are for
#
# As root or by sudo; several at a time wait for each other. It changes nothing when all packages are there.
set -eu
command=$1; shift

if ! command -v apt-get >/dev/null; then
  command -v "$command" >/dev/null && exit 0
  echo "wanted: $command. This system has no apt-get; install it by your own package manager" \
    "(the Debian packages are: $*) so that it is on PATH, or name yours in the Makefile's variable." >&2
  exit 1
fi

missing=
for package in "$@"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "apt-get install$missing"
if [ "$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi
if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
  echo "neither root nor sudo: run as root: apt-get install$missing" >&2
  exit 1
fi
# shellcheck disable=SC2086 # both are lists of words
exec $as_root flock /tmp/wasmformer-apt.lock sh -ec '
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update || echo "apt-get update failed in part; going on with the lists that are there" >&2
  apt-get -qy -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"' apt $missing
