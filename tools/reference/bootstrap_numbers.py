"""SciPy's intervals for the tests of libs/core/statistics.

    python tools/reference/bootstrap_numbers.py > libs/core/statistics/fixtures/bootstrap.json

`binomial`: resampling n scores of which `right` are 1 and the others 0 gives Binomial(n, right / n) / n, so its quantiles
are known without drawing. `scipyBootstrap`: scipy.stats.bootstrap of mean scores of three seeds (`thirds`: how many of the
three were right) before and after, and of their difference row by row. Needs numpy and scipy 1.15 or later.
"""

import json

import numpy as np
import scipy
from scipy import stats

ROWS = 150

rng = np.random.default_rng(5)
binomial = []
for rows, right in [(40, 31), (436, 380), (872, 812)]:
    low, high = stats.binom.ppf([0.025, 0.975], rows, right / rows) / rows
    binomial.append({"rows": rows, "right": right, "low": low, "high": high})

before = rng.binomial(3, 0.8, ROWS) / 3
after = np.clip(before + rng.choice([-1, 0, 0, 0, 1], ROWS) / 3, 0, 1)


def interval(scores):
    result = stats.bootstrap(
        (scores,), np.mean, n_resamples=100_000, method="percentile", batch=5000, rng=np.random.default_rng(1)
    )
    low, high = result.confidence_interval
    return {"low": float(low), "high": float(high)}


print(
    json.dumps(
        {
            "scipy": scipy.__version__,
            "binomial": binomial,
            "thirds": {
                "before": np.rint(3 * before).astype(int).tolist(),
                "after": np.rint(3 * after).astype(int).tolist(),
            },
            "scipyBootstrap": {
                "before": interval(before),
                "after": interval(after),
                "difference": interval(after - before),
            },
        }
    )
)
