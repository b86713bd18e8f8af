"""Runs the programs of a folder and compares what they give with the library's numbers.

python programs.py FOLDER: FOLDER/programs.json is a list of {folder, code, results: {variable: file}}; the variable '' is the one
that the program sets last. Prints a line of JSON for each program that differs: {folder, error}; at last the worst difference.
"""

import ast
import contextlib
import io
import json
import os
import sys
import warnings

import numpy as np

# NaN and infinite values are compared like others.
warnings.simplefilter("ignore")
TOLERANCE = 1e-5


def last_variable(code):
    targets = [node.targets[0] for node in ast.parse(code).body if isinstance(node, ast.Assign)]
    return [target.id for target in targets if isinstance(target, ast.Name)][-1]


def difference(given, expected):
    """The largest one, relative to the largest value; 0 of integers that are the same."""
    given = np.asarray(given.detach().numpy() if hasattr(given, "detach") else given)
    assert given.shape == expected.shape, f"shape {given.shape}, expected {expected.shape}"
    if expected.dtype.kind == "i":
        assert given.dtype.kind == "i", f"{given.dtype}, expected integers"
        assert np.array_equal(given, expected), f"{(given != expected).sum()} integers differ"
        return 0.0
    whole = np.isfinite(expected)
    assert np.array_equal(np.isnan(given), np.isnan(expected)), "NaN elsewhere"
    assert np.array_equal(given[~whole & ~np.isnan(expected)], expected[~whole & ~np.isnan(expected)]), "infinities"
    if not whole.any():
        return 0.0
    most = max(np.abs(expected[whole]).max(), 1e-30)
    worst = np.abs(given[whole].astype(float) - expected[whole]).max() / most
    assert worst <= TOLERANCE, f"differs by {worst:.2e} of the largest value"
    return worst


def run(code):
    default = None
    if "torch" in sys.modules:
        default = sys.modules["torch"].float32
        sys.modules["torch"].set_default_dtype(default)
    space = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "program", "exec"), space)
    return space


top = os.path.abspath(sys.argv[1])
worst = 0.0
with open(os.path.join(top, "programs.json")) as file:
    programs = json.load(file)
for program in programs:
    os.chdir(os.path.join(top, program["folder"]))
    try:
        space = run(program["code"])
        for variable, result in program["results"].items():
            name = variable or last_variable(program["code"])
            worst = max(worst, difference(space[name], np.load(result)))
    except Exception as error:
        print(json.dumps({"folder": program["folder"], "error": f"{type(error).__name__}: {error}"}))
print(json.dumps({"programs": len(programs), "worst": worst}))
