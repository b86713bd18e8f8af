"""What huggingface_hub finds of a model in its cache, and what it fetches there: `hub.py find|fetch ID FILE…`, a path a line."""

import sys

from huggingface_hub import hf_hub_download, scan_cache_dir

act, model, *files = sys.argv[1:]
for file in files:
    print(hf_hub_download(model, file, local_files_only=act == "find"))
for warning in scan_cache_dir().warnings:
    print("warning:", warning)
