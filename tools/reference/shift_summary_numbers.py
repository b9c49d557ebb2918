"""Numbers of NumPy and scikit-learn for the tests of libs/shifts/shift-summary.

    python tools/reference/shift_summary_numbers.py > libs/shifts/shift-summary/fixtures/reference.json

Needs numpy, scipy and scikit-learn. The vectors come from whole numbers by a formula that `test/formula.ts` spells out
again, so both languages start from the same float32 bits and only the measures are compared.
"""

import json
import sys

import numpy as np
from scipy.spatial.distance import pdist, squareform
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.preprocessing import StandardScaler


def vectors(rows, size, first, shift):
    """Row i, number k: a hash of (first + i, k) from 0 to 1, and `shift` more in the first three columns."""
    i = np.arange(first, first + rows, dtype=np.int64)[:, None]
    k = np.arange(size, dtype=np.int64)[None, :]
    mixed = ((i + 1) * (i + 1) * (k + 3) * 31 + (i + 7) * (k + 1) * (k + 1) * 57 + i * k * 13) % 1009
    return (mixed / 1009 + np.where(k < 3, shift, 0)).astype(np.float32)


def mmd(original, shifted):
    pooled = np.concatenate([original, shifted]).astype(np.float64)
    distances = pdist(pooled)
    sigma = np.median(distances)
    kernel = np.exp(-squareform(distances) ** 2 / (2 * sigma**2))
    m, n = len(original), len(shifted)
    xx, yy, xy = kernel[:m, :m], kernel[m:, m:], kernel[:m, m:]
    squared = (
        (xx.sum() - np.trace(xx)) / (m * (m - 1))
        + (yy.sum() - np.trace(yy)) / (n * (n - 1))
        - 2 * xy.mean()
    )
    return {"medianDistance": float(sigma), "mmdSquared": float(squared)}


def logistic(train, held, c):
    x, y = np.concatenate(train).astype(np.float64), np.repeat([0, 1], [len(part) for part in train])
    hx, hy = np.concatenate(held).astype(np.float64), np.repeat([0, 1], [len(part) for part in held])
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=c, tol=1e-12, max_iter=100000, solver="newton-cholesky").fit(scaler.transform(x), y)
    return {
        "c": c,
        "coefficients": model.coef_[0].tolist(),
        "intercept": float(model.intercept_[0]),
        "trainBalancedAccuracy": float(balanced_accuracy_score(y, model.predict(scaler.transform(x)))),
        "balancedAccuracy": float(balanced_accuracy_score(hy, model.predict(scaler.transform(hx)))),
        "scores": model.decision_function(scaler.transform(hx))[:10].tolist(),
    }


# [rows of one part, rows of the other, numbers of a vector, shift of the other part]
CASES = [[60, 60, 8, 0.0], [60, 60, 8, 0.2], [41, 78, 16, 0.1]]


def case(m, n, size, shift):
    train = vectors(m, size, 0, 0.0), vectors(n, size, 1000, shift)
    held = vectors(50, size, 3000, 0.0), vectors(30, size, 5000, shift)
    return {
        "rowsOriginal": m,
        "rowsShifted": n,
        "size": size,
        "shift": shift,
        "mmd": mmd(*train),
        "logistic": [logistic(train, held, c) for c in (0.01, 1.0)],
    }


def wilson(right, rows):
    interval = binomtest(right, rows).proportion_ci(method="wilson")
    return {"right": right, "rows": rows, "low": float(interval.low), "high": float(interval.high)}


SHARES = [(0, 5), (8, 10), (436, 436), (250, 872)]
json.dump(
    {"cases": [case(*numbers) for numbers in CASES], "wilson": [wilson(*share) for share in SHARES]},
    sys.stdout,
    indent=1,
)
print()
