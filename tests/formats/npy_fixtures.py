"""Prints tests/formats/npy_fixtures.json: .npy files as NumPy 2.4.6 writes them, in base64.

Run by hand (python3 tests/formats/npy_fixtures.py > tests/formats/npy_fixtures.json); not part of the tests."""
import base64
import io
import json

import numpy as np
from numpy.lib import format as npy


def save(array, version=(1, 0)):
    file = io.BytesIO()
    npy.write_array(file, array, version=version)
    return base64.b64encode(file.getvalue()).decode()


sound = {
    'float32': np.array([[1.5, -2, 3e-40], [np.inf, -0.0, np.nan]], np.float32),
    'float64': np.array([0.1, 1e300], np.float64),
    'int32': np.array([-(2**31), 7], np.int32),
    'uint32': np.array([2**32 - 1], np.uint32),
    'int8': np.array([-128, 127], np.int8),
    'uint8': np.array([[[255], [1]]], np.uint8),
    'int16': np.array([-32768], np.int16),
    'uint16': np.array([65535], np.uint16),
    'int64': np.array([-(2**63), 2**53 + 1], np.int64),
    'bool': np.array([[True, False]]),
    'number': np.array(5, np.float32),
    'empty': np.zeros((3, 0, 2), np.float32),
}
foreign = {
    'Fortran order': np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    'big-endian': np.array([1], '>f4'),
    'float16': np.array([1], np.float16),
    'complex': np.array([1], np.complex64),
    'text': np.array(['a']),
    'records': np.zeros(1, [('a', '<f4')]),
}


def values(array):
    if array.dtype.kind == 'i' and array.dtype.itemsize == 8:
        return [str(x) for x in array.ravel().tolist()]
    return [str(x) if isinstance(x, float) and not np.isfinite(x) else x for x in array.ravel().tolist()]


print(json.dumps({
    'sound': {
        name: {'dtype': array.dtype.name, 'shape': array.shape, 'values': values(array), 'file': save(array)}
        for name, array in sound.items()
    },
    'versions': {str(v): save(np.array([1, 2], np.int16), (v, 0)) for v in (1, 2, 3)},
    'foreign': {name: save(array) for name, array in foreign.items()},
}, indent=1))
