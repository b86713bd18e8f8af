"""Prints tests/encoder/principal.json: rows, and what scikit-learn's PCA makes of them.

Run by hand (pip install scikit-learn==1.9.1 numpy==2.4.6, then python3 tests/encoder/principal.py > tests/encoder/principal.json);
not part of the tests."""
import base64
import json

import numpy as np
import sklearn
from sklearn.decomposition import PCA

random = np.random.default_rng(5)


def text(array):
    return {"shape": list(array.shape), "data": base64.b64encode(np.ascontiguousarray(array, dtype=np.float32).tobytes()).decode()}


def cases():
    # Tall and wide, spread like pictures, and noise whose components are nearly as strong as each other.
    for n, width, count, decay in [(40, 6, 3, 0.5), (9, 30, 5, 0.8), (300, 24, 24, 1.0), (2, 5, 2, 0.7), (64, 64, 1, 0.9), (7, 1, 1, 1.0)]:
        turn = np.linalg.qr(random.normal(size=(width, width)))[0]
        rows = (random.normal(size=(n, width)) * decay ** np.arange(width) @ turn * 3 + 0.3).astype(np.float32)
        # As many as rows span: a component beyond them is any direction.
        spans = min(count, n - 1)
        pca = PCA(count, svd_solver="full")
        scores = pca.fit_transform(rows.astype(np.float64))
        yield {"rows": text(rows), "count": count, "spans": spans, "scores": text(scores), "components": text(pca.components_),
               "variance": text(pca.explained_variance_)}


print(json.dumps({"sklearn": sklearn.__version__, "numpy": np.__version__, "cases": list(cases())}, indent=1))
