"""Writes libs/shifts/cluster-shift/fixtures/sklearn.json: what scikit-learn's KMeans and silhouette_score give for generated points.

    python tools/reference/kmeans_sklearn.py libs/shifts/cluster-shift/fixtures/sklearn.json

The points are those of libs/shifts/cluster-shift/test/points.ts, by the same formula. KMeans starts at the same rows as the test and runs
until no label changes (tol=0). Labels are written as one character a row.
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

ROWS, SIZE, BLOBS, SEED = 3000, 24, 40, 7
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def uniforms(state):
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state / 2**32


def blob_points():
    draw = uniforms(SEED)
    middles = np.array([2 * next(draw) for _ in range(BLOBS * SIZE)]).reshape(BLOBS, SIZE)
    points = np.empty((ROWS, SIZE), np.float32)
    for row in range(ROWS):
        for j in range(SIZE):
            noise = next(draw) + next(draw) + next(draw) + next(draw) - 2
            points[row, j] = middles[row % BLOBS, j] + noise
    return points


points = blob_points()
fits = []
for k in (2, 32):
    start = points[[i * 89 % ROWS for i in range(k)]]
    row = {"k": k}
    for kind in (np.float64, np.float32):
        fit = KMeans(k, init=start.astype(kind), n_init=1, max_iter=1000, tol=0, algorithm="lloyd").fit(points.astype(kind))
        row[kind.__name__] = {
            "inertia": float(fit.inertia_),
            "labels": "".join(DIGITS[label] for label in fit.labels_),
        }
    row["silhouette"] = float(silhouette_score(points, [DIGITS.index(c) for c in row["float64"]["labels"]]))
    fits.append(row)

# Clusterings by a formula, one with clusters of a single row, on the first 500 points.
few = points[:500]
numbers = np.arange(500)
silhouettes = {
    "thirds": float(silhouette_score(few, numbers % 3)),
    "blobs": float(silhouette_score(few, numbers % BLOBS)),
    "singles": float(silhouette_score(few, np.where(numbers < 5, numbers, 5 + numbers % 2))),
}
result = {"scikit-learn": sklearn.__version__, "fits": fits, "silhouettes": silhouettes}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write(json.dumps(result, indent=1) + "\n")
