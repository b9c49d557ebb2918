"""SciPy's and NumPy's numbers for the tests of libs/core/statistics.

    python tools/reference/statistics_numbers.py > libs/core/statistics/fixtures/tests.json

`student`: quantiles of Student's t. `mean`: the t interval of some numbers. `mcnemar`: p of the exact test, which is
scipy.stats.binomtest with 1/2. `friedman`: mean ranks, Friedman's chi-squared (scipy.stats.friedmanchisquare, ties corrected)
and the p of Iman and Davenport's F (Demsar 2006) from it; `nemenyi`: critical differences from scipy.stats.studentized_range.
"""

import json

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(7)
numbers = np.round(rng.normal(0.8, 0.03, 5), 3)
interval = stats.t.interval(0.95, 4, numbers.mean(), stats.sem(numbers))

friedman = []
for sets, methods, decimals in [(8, 3, 3), (12, 5, 1), (10, 7, 2)]:
    scores = np.round(rng.normal(0.7, 0.1, (sets, methods)) + np.linspace(0, 0.08, methods), decimals)
    chi2 = stats.friedmanchisquare(*scores.T).statistic
    f = (sets - 1) * chi2 / (sets * (methods - 1) - chi2)
    friedman.append(
        {
            "scores": scores.tolist(),
            "meanRanks": stats.rankdata(-scores, axis=1).mean(axis=0).tolist(),
            "p": float(stats.f.sf(f, methods - 1, (methods - 1) * (sets - 1))),
        }
    )

print(
    json.dumps(
        {
            "scipy": scipy.__version__,
            "student": [
                {"share": share, "freedom": freedom, "quantile": float(stats.t.ppf(share, freedom))}
                for share in (0.005, 0.6, 0.95, 0.975, 0.9995)
                for freedom in (1, 2, 3, 4.5, 9, 29, 400)
            ],
            "mean": {
                "numbers": numbers.tolist(),
                "mean": float(numbers.mean()),
                "low": float(interval[0]),
                "high": float(interval[1]),
            },
            "mcnemar": [
                {
                    "onlyFirst": first,
                    "onlySecond": second,
                    "p": float(stats.binomtest(min(first, second), first + second, 0.5).pvalue) if first + second else 1.0,
                }
                for first, second in [(0, 0), (0, 1), (0, 9), (5, 5), (3, 12), (12, 3), (40, 61), (310, 255)]
            ],
            "friedman": friedman,
            "nemenyi": [
                {
                    "methods": k,
                    "sets": n,
                    "difference": float(
                        stats.studentized_range.ppf(0.95, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n))
                    ),
                }
                for k, n in [(2, 10), (4, 14), (10, 30), (20, 8)]
            ],
        }
    )
)
