"""Sinusoidal tables as they are usually made with NumPy, timed; the other side of peers/numpy.js.

    numpy_tables.py ENCODING f64|f32 FILE SIZES...

To each line of standard input, "run" or "save", it makes the table once and answers a line of JSON; "save" leaves it in FILE.
"""

import json
import platform
import sys
import time

import numpy as np


def sincos1d(dtype, length, dim):
    """Vaswani et al. 2017: sines in the even columns, cosines in the odd ones."""
    position = np.arange(length, dtype=dtype)[:, None]
    frequency = np.exp(np.arange(0, dim, 2, dtype=dtype) * dtype(-np.log(10000.0) / dim))
    angle = position * frequency
    table = np.empty((length, dim), dtype)
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle)
    return table.astype(np.float32, copy=False)


def sincos2d(dtype, height, width, dim):
    """He et al. 2022, as in MAE: x has the first half of the columns, each half its sines first."""
    frequency = 1 / 10000 ** (np.arange(dim // 4, dtype=dtype) / dtype(dim / 4))
    x, y = np.meshgrid(np.arange(width, dtype=dtype), np.arange(height, dtype=dtype))
    halves = []
    for axis in (x, y):
        angle = np.outer(axis.reshape(-1), frequency)
        halves.append(np.concatenate([np.sin(angle), np.cos(angle)], axis=1))
    return np.concatenate(halves, axis=1).astype(np.float32, copy=False)


def peak_mb():
    """Peak resident memory of this process, in 1e6 bytes."""
    try:
        with open("/proc/self/status") as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    except (OSError, KeyError):
        return 0


def main():
    encoding, way, path, *sizes = sys.argv[1:]
    make = {"sincos1d": sincos1d, "sincos2d": sincos2d}[encoding]
    dtype = {"f64": np.float64, "f32": np.float32}[way]
    sizes = [int(size) for size in sizes]
    for line in sys.stdin:
        start = time.perf_counter()
        table = make(dtype, *sizes)
        ms = 1000 * (time.perf_counter() - start)
        if line.strip() == "save":
            table.tofile(path)
        del table
        answer = {"ms": ms, "cpu_ms": 1000 * time.process_time(), "peak_mb": peak_mb()}
        answer |= {"numpy": np.__version__, "python": platform.python_version()}
        print(json.dumps(answer), flush=True)


main()
