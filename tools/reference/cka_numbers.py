"""Linear CKA by NumPy for the tests of libs/training/finetune.

    python tools/reference/cka_numbers.py > libs/training/finetune/fixtures/cka.json

Kornblith et al. (ICML 2019), by the HSIC of centred Gram matrices, which is not how the library computes it. Once with more
texts than columns, once with fewer, and once with two widths.
"""

import json

import numpy as np

rng = np.random.default_rng(11)


def cka(x, y):
    n = len(x)
    centre = np.eye(n) - np.ones((n, n)) / n
    k, l = centre @ x @ x.T @ centre, centre @ y @ y.T @ centre
    return float(np.trace(k @ l) / np.sqrt(np.trace(k @ k) * np.trace(l @ l)))


cases = []
for texts, width, other in [(24, 5, 5), (6, 16, 16), (12, 4, 20)]:
    x = rng.normal(size=(texts, width)) + rng.normal(size=width)
    y = (x @ rng.normal(size=(width, other)) + 0.8 * rng.normal(size=(texts, other))).round(3)
    x = x.round(3)
    cases.append(
        {"texts": texts, "widths": [width, other], "x": x.ravel().tolist(), "y": y.ravel().tolist(), "cka": cka(x, y)}
    )
print(json.dumps(cases))
