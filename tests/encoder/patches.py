"""Prints tests/encoder/patches.json: attention maps and vectors of patches, and what NumPy makes of them: rollout by products of
whole matrices, cosines, and principal components by singular values.

Run by hand (pip install numpy==2.4.6, then python3 tests/encoder/patches.py > tests/encoder/patches.json); not part of the tests."""
import base64
import json

import numpy as np

random = np.random.default_rng(3)


def text(array):
    return {"shape": list(array.shape), "data": base64.b64encode(np.ascontiguousarray(array, dtype=np.float32).tobytes()).decode()}


def rollout(attentions, fuse, prefix, class_token):
    """Abnar & Zuidema 2020, section 3: https://arxiv.org/abs/2005.00928."""
    tokens = attentions[0].shape[-1]
    product = np.eye(tokens)[None]
    for maps in attentions:
        one = 0.5 * fuse(maps.astype(np.float64), axis=1) + 0.5 * np.eye(tokens)
        product = one / one.sum(-1, keepdims=True) @ product
    rows = product[:, 0] if class_token else product[:, prefix:].mean(1)
    return product, rows[:, prefix:]


def rollouts():
    for rows, columns, prefix, class_token, layers in [(2, 3, 1, True, 3), (3, 2, 0, False, 2), (1, 4, 3, True, 1), (2, 2, 2, False, 4)]:
        tokens = prefix + rows * columns
        scores = random.normal(size=(layers, 2, 3, tokens, tokens)) * 2
        attentions = (np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)).astype(np.float32)
        fuses = {"mean": np.mean, "max": np.max, "min": np.min}
        products = {name: rollout(attentions, fuse, prefix, class_token) for name, fuse in fuses.items()}
        expected = {name: text(of_patches.reshape(2, rows, columns)) for name, (_, of_patches) in products.items()}
        joint = {name: text(product) for name, (product, _) in products.items()}
        patches = {"rows": rows, "columns": columns, "prefix": prefix, "classToken": class_token, "windows": False}
        yield {"patches": patches, "attentions": [text(maps) for maps in attentions], "expected": expected,
               "joint": joint}


def colours(vectors):
    """Components' signs as scikit-learn's svd_flip has them for u_based_decision=False."""
    flat = vectors.reshape(-1, vectors.shape[-1]).astype(np.float64)
    flat = flat - flat.mean(0)
    axes = np.linalg.svd(flat, full_matrices=False)[2][:3]
    axes = axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]
    values = flat @ axes.T
    values = (values - values.min(0)) / (values.max(0) - values.min(0))
    return values.reshape(*vectors.shape[:-1], 3)


def similarity(vectors, at):
    unit = vectors.astype(np.float64)
    unit = unit / np.linalg.norm(unit, axis=-1, keepdims=True)
    return np.einsum("bd,bnd->bn", unit[:, at], unit)


def states():
    # Some spread like pictures, and noise, whose components are nearly as strong as each other.
    for batch, rows, columns, prefix, width, decay in [(1, 3, 4, 1, 6, 0.5), (2, 4, 5, 0, 30, 1.0), (1, 9, 11, 5, 24, 1.0), (3, 2, 2, 1, 40, 0.9)]:
        spread = decay ** np.arange(width)
        turn = np.linalg.qr(random.normal(size=(width, width)))[0]
        vectors = (random.normal(size=(batch, prefix + rows * columns, width)) * spread @ turn + 0.3).astype(np.float32)
        inner = vectors[:, prefix:]
        row, column = rows - 1, columns // 2
        yield {
            "patches": {"rows": rows, "columns": columns, "prefix": prefix, "classToken": prefix > 0, "windows": False},
            "state": text(vectors), "row": row, "column": column,
            "similarity": text(similarity(inner, row * columns + column).reshape(batch, rows, columns)),
            "colours": text(colours(inner).reshape(batch, rows, columns, 3)),
        }


if __name__ == "__main__":
    print(json.dumps({"numpy": np.__version__, "rollouts": list(rollouts()), "states": list(states())}, indent=1))
