#!/bin/sh
# Makes PREFIX/bin/emcc an Emscripten of 3.1.61 or newer (LLVM 19: the final opcodes of relaxed SIMD). It is, in order:
# the emcc on PATH; on Debian 13 and its kin the package `emscripten`; on Debian 12, whose package is 3.1.6, Debian 13's
# Emscripten 3.1.69 unpacked under PREFIX beside the newer C library that its Binaryen needs, over Debian 12's LLVM 19.
# The system's own libraries stay as they are. Elsewhere it says how to get one.
#
#   get-emscripten.sh PREFIX        then   PREFIX/bin/emcc …
#
# Idempotent; PREFIX/bin/emcc is written anew only when it changes. About 270 MB to download on Debian 12, 2 minutes.
set -eu
prefix=${1:?usage: get-emscripten.sh PREFIX}
apt=$(cd "$(dirname "$0")/../tests/setup" && pwd)/apt.sh
wanted=3.1.61
mkdir -p "$prefix/bin"; prefix=$(cd "$prefix" && pwd)

# version EMCC: its version's three numbers, or nothing where it does not run
version() { "$1" --version 2>/dev/null | sed -n '1s/[^0-9]* \([0-9][0-9]*\.[0-9.]*[0-9]\).*/\1/p'; }
# new_enough VERSION
new_enough() { [ -n "$1" ] && printf '%s\n%s\n' $wanted "$1" | sort -V -C; }
# wrapper TEXT: PREFIX/bin/emcc runs TEXT "$@"
wrapper() {
  printf '#!/bin/sh\n%s "$@"\n' "$1" > "$prefix/bin/emcc.new"
  chmod +x "$prefix/bin/emcc.new"
  if cmp -s "$prefix/bin/emcc.new" "$prefix/bin/emcc"; then rm "$prefix/bin/emcc.new"
  else mv "$prefix/bin/emcc.new" "$prefix/bin/emcc"; fi
}

mine=$(command -v emcc || true)
case $mine in "$prefix"/*) mine= ;; esac
if [ -n "$mine" ]; then
  found=$(version "$mine")
  if new_enough "$found"; then wrapper "exec '$mine'"; exit 0; fi
  echo "emcc on PATH ($mine) is version ${found:-unknown}; $wanted or newer is needed, so another is fetched."
fi

llvm=/usr/lib/llvm-19/bin
if [ -x "$prefix/bin/emcc" ] && new_enough "$(version "$prefix/bin/emcc")" \
  && { [ ! -f "$prefix/emscripten.config" ] || [ -x $llvm/wasm-ld ]; }; then exit 0; fi

# own_package: installs the system's emscripten
own_package() {
  "$apt" emcc emscripten
  wrapper "exec '$(command -v emcc)'"
  "$prefix/bin/emcc" --version | head -n 1
}

# shellcheck source=/dev/null
system=$(. /etc/os-release 2>/dev/null && echo "${ID:-}-${VERSION_ID:-}") || system=unknown
case $system in
debian-12) ;;
debian-1[3-9] | debian-) own_package; exit 0 ;;
*)
  candidate=$(LC_ALL=C apt-cache policy emscripten 2>/dev/null | sed -n 's/^ *Candidate: *//p')
  if [ -n "$candidate" ] && dpkg --compare-versions "$candidate" ge $wanted; then own_package; exit 0; fi
  cat >&2 <<TEXT
Emscripten $wanted or newer is needed, and on this system ($system) there is no package of it. Get one with emsdk:
clone github.com/emscripten-core/emsdk, ./emsdk install latest, ./emsdk activate latest, . ./emsdk_env.sh
With its emcc on PATH run make again.
TEXT
  exit 1
  ;;
esac

# From here on: Debian 12.
echo "Emscripten 3.1.69: fetching it into $prefix (about 270 MB, 2 minutes)"
"$apt" clang-19 clang-19 lld-19 llvm-19 python3 debian-archive-keyring

# apt-get fetches Debian 13's packages and checks their signatures; its lists are a private copy, the system keeps its own.
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
mirror=$(sed -n 's/^URIs: *//p; s/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\) .*/\2/p' \
  /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | grep -v security | head -n 1)
mkdir -p "$tmp/lists/partial" "$tmp/cache/archives/partial"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$tmp/trixie.list"
cat > "$tmp/apt.conf" <<TEXT
Dir::Etc::SourceList "$tmp/trixie.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$tmp/lists";
Dir::Cache "$tmp/cache";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "3";
TEXT
(cd "$tmp" && export APT_CONFIG="$tmp/apt.conf" && apt-get -q update \
  && apt-get download emscripten=3.1.69* binaryen libc6 libstdc++6 libgcc-s1)

echo "Emscripten: unpacking"
rm -rf "$prefix/root" "$prefix/newer-libc" "$prefix/binaryen"
mkdir -p "$prefix/root" "$prefix/binaryen/bin"
dpkg-deb --fsys-tarfile "$tmp"/emscripten_*.deb | tar -x -C "$prefix/root" \
  --exclude='*/libGL*-emu*' --exclude='*/libGL*-full*' --exclude='*/libGL*webgl2*' --exclude='*/libGL*-ofb*' \
  --exclude='*-asan*' --exclude='*-tracing*' --exclude='*-memvalidate*' --exclude='*/thinlto/*' --exclude='*/lto/*' \
  --exclude='*/emscripten/test/*' --exclude='*/emscripten/docs/*' --exclude='*/wasm64-emscripten/*' \
  ./usr/share/emscripten
for package in binaryen libc6 libstdc++6 libgcc-s1; do dpkg -x "$tmp/${package}"_*.deb "$prefix/newer-libc"; done

# Binaryen's programs run on the C library that they were linked with, by its own loader.
libraries=$(echo "$prefix"/newer-libc/usr/lib/*-linux-gnu)
loader=$(echo "$libraries"/ld-linux-*.so.*)
for tool in "$prefix"/newer-libc/usr/bin/wasm*; do
  name=$(basename "$tool")
  printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' "$loader" "$libraries" "$tool" > "$prefix/binaryen/bin/$name"
  chmod +x "$prefix/binaryen/bin/$name"
done

emscripten=$prefix/root/usr/share/emscripten
# emcc's scripts are CommonJS, whatever a package.json further up says; the optimiser of JavaScript among them imports
# acorn, which is another Debian package and the same on npm.
echo '{"type": "commonjs"}' > "$prefix/package.json"
npm install --prefix "$prefix" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error acorn@8 >/dev/null
cat > "$prefix/emscripten.config" <<TEXT
LLVM_ROOT = '$llvm'
BINARYEN_ROOT = '$prefix/binaryen'
NODE_JS = 'node'
CACHE = '$emscripten/cache'
FROZEN_CACHE = True
TEXT
wrapper "EM_CONFIG='$prefix/emscripten.config' exec '$emscripten/emcc'"
"$prefix/bin/emcc" --version | head -n 1
