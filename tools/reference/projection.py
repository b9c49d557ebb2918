"""Vectors in clusters with scikit-learn's projections of them, for the tests of libs/shifts/projection.

    python tools/reference/projection.py > libs/shifts/projection/fixtures/clusters.json

Needs scikit-learn. Five clusters of 36 points in 12 dimensions, at uneven distances, their coordinates rounded to three
decimals so that the file holds them exactly. Beside them: PCA's points and explained variance, and how good a picture
scikit-learn's t-SNE and PCA make of them, by two measures that know nothing of the projector:

- trustworthiness (Venna and Kaski, 2001), for 10 neighbours, as sklearn.manifold.trustworthiness has it;
- purity: the part of the 10 nearest neighbours of a point of the picture that belongs to its cluster.

And, to check the tests' own trustworthiness, its value for a picture without any relation to the vectors.
"""

import json
import sys

import numpy
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors

CLUSTERS, POINTS, SIZE, NEIGHBOURS = 5, 36, 12, 10
PERPLEXITIES = [15, 5, 50]


def purity(points, cluster):
    near = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(points).kneighbors(return_distance=False)
    return float((cluster[near] == cluster[:, None]).mean())


def main():
    random = numpy.random.default_rng(1)
    centres = random.normal(size=(CLUSTERS, SIZE)) * [[2], [2], [2.5], [3], [4]]
    cluster = numpy.repeat(numpy.arange(CLUSTERS), POINTS)
    vectors = centres[cluster] + random.normal(size=(len(cluster), SIZE))
    order = random.permutation(len(cluster))
    vectors, cluster = vectors[order].round(3), cluster[order]
    # What the tests read: the float32 numbers next to the decimals.
    exact = vectors.astype(numpy.float32).astype(numpy.float64)

    pca = PCA(2, svd_solver="full").fit(exact)
    fitted = {
        perplexity: [
            TSNE(2, perplexity=perplexity, init="random", method="exact", random_state=seed).fit(exact)
            for seed in range(5)
        ]
        for perplexity in PERPLEXITIES
    }
    pictures = {
        "pca": [pca.transform(exact)],
        "tsne": [tsne.embedding_ for tsne in fitted[PERPLEXITIES[0]]],
        "none": [exact[::-1, :2]],
    }
    json.dump(
        {
            "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
            "size": SIZE,
            "perplexity": PERPLEXITIES[0],
            "neighbours": NEIGHBOURS,
            "vectors": vectors.ravel().tolist(),
            "cluster": cluster.tolist(),
            "pca": {
                "points": pictures["pca"][0].round(9).ravel().tolist(),
                "explained": pca.explained_variance_ratio_.tolist(),
            },
            # The divergence that t-SNE makes small, where scikit-learn's random starts ended.
            "divergence": {
                perplexity: [float(tsne.kl_divergence_) for tsne in some] for perplexity, some in fitted.items()
            },
            "quality": {
                name: [
                    {
                        "trustworthiness": float(trustworthiness(exact, points, n_neighbors=NEIGHBOURS)),
                        "purity": purity(points, cluster),
                    }
                    for points in some
                ]
                for name, some in pictures.items()
            },
        },
        sys.stdout,
    )
    sys.stdout.write("\n")


main()
