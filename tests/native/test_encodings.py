"""Reference outputs of the encodings against the core's C functions, called in the native library without JavaScript.

Reads the folder in $GOLDENS, by default tests/goldens/data. Error cases belong to JavaScript, which checks options, and
are left out here. A function that no table maps fails. Not here: how a golden calls C (absolute_table.py,
bias_table.py).
"""

import collections
import ctypes
import json
import os
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file

import absolute_table
import bias_table

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = absolute_table.TABLE | bias_table.TABLE


def caller(library):
    """Returns call(name, *arguments), which raises on a status other than 0."""

    def pointer(argument):
        if argument is None:
            return ctypes.c_void_p(None)
        if isinstance(argument, np.ndarray):
            assert argument.flags.c_contiguous, "arrays are passed by their first element"
            return ctypes.c_void_p(argument.ctypes.data)
        return ctypes.c_uint32(argument) if isinstance(argument, (int, np.integer)) else argument

    def call(name, *arguments):
        function = getattr(library, name)
        function.restype = ctypes.c_uint32
        status = function(*map(pointer, arguments))
        if status != 0:
            library.wf_status_message.restype = ctypes.c_char_p
            raise RuntimeError(f"{name}: {library.wf_status_message(status).decode()}")

    call.value = lambda name, *arguments: getattr(library, name)(*map(pointer, arguments))
    return call


def difference(actual, expected):
    """The largest difference; infinite for another shape, and for NaN on one side only."""
    if actual.shape != expected.shape:
        return np.inf
    a, b = actual.astype(np.float64), expected.astype(np.float64)
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return np.inf
    return float(np.max(np.abs(np.nan_to_num(a) - np.nan_to_num(b)), initial=0))


def run(call, case, tensors):
    """Returns the worst difference over its tolerance, at most 1 for a case that passes."""
    inputs = {name: np.ascontiguousarray(tensors[entry["key"]]) for name, entry in (case["inputs"] or {}).items()}
    outputs = TABLE[case["family"] + "/" + case["function"]](call, case["params"], inputs)
    worst = 0.0
    for name, entry in case["outputs"].items():
        error = difference(outputs[name], tensors[entry["key"]])
        worst = max(worst, error / entry["tol"] if entry["tol"] else (0.0 if error == 0 else np.inf))
    return worst


def main():
    folder = pathlib.Path(os.environ.get("GOLDENS", ROOT / "tests/goldens/data")) / "encodings"
    call = caller(ctypes.CDLL(str(ROOT / "build/native/libwasmformer.so")))
    files, counts, failures = {}, collections.Counter(), []
    if not (folder / "index.json").exists():
        print(f"  {folder} holds no encodings")
        return 0
    for case in json.loads((folder / "index.json").read_text())["cases"]:
        if case["status"] == "error":
            continue
        family = case["family"]
        path = folder / (family + ".safetensors")
        tensors = files.setdefault(family, load_file(path) if path.exists() else {})
        try:
            worst = run(call, case, tensors)
        except (KeyError, RuntimeError) as error:
            failures.append(f"{case['name']}: {error!r}")
            continue
        counts[family] += 1
        if not worst <= 1:
            failures.append(f"{case['name']}: {worst:.3g} times the tolerance")
    print("  " + ", ".join(f"{family} {count}" for family, count in counts.items()))
    for failure in failures:
        print("  FAILED " + failure)
    print(f"  {sum(counts.values())} cases, {len(failures)} failed")
    return 1 if failures or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
