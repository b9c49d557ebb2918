"""Writes libs/tuning/gaussian-process/fixtures/reference.json: what scikit-learn, SciPy and mpmath say of what that library computes.

    python tools/reference/gaussian_process.py libs/tuning/gaussian-process/fixtures/reference.json

- one fidelity: log marginal likelihood, its gradient and predictions of scikit-learn's GaussianProcessRegressor with
  ConstantKernel * Matern(nu=2.5, one length scale a dimension) + WhiteKernel, of values less the most likely mean
- several fidelities: the kernel of libs/tuning/gaussian-process/src/covariance/kernel.ts written down once more in NumPy, its likelihood by
  scipy.stats.multivariate_normal, its gradient by central differences of that, predictions by a linear solve
- log expected improvement in 80 digits, by mpmath
- the power transform and its most likely power, by scipy.stats
"""
import json
import sys

import mpmath
import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

D, N, M = 3, 14, 5


def one_fidelity(x, y, new):
    lengthscales, signal, noise = [0.35, 1.2, 0.6], 1.3, 0.02
    kernel = ConstantKernel(signal) * Matern(lengthscales, nu=2.5) + WhiteKernel(noise)
    covariance = kernel(x)
    solve = np.linalg.solve(covariance, np.stack([np.ones(N), y], axis=1))
    mean = solve[:, 1].sum() / solve[:, 0].sum()
    process = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(x, y - mean)
    value, gradient = process.log_marginal_likelihood(process.kernel_.theta, eval_gradient=True)
    predicted, deviation = process.predict(new, return_std=True)
    # theta is log signal, log length scales, log noise; WhiteKernel counts the noise of a new observation.
    order = [1, 2, 3, 0, 4]
    return {
        "logs": process.kernel_.theta[order].tolist(),
        "mean": mean,
        "logLikelihood": value,
        "gradient": gradient[order].tolist(),
        "predictedMean": (predicted + mean).tolist(),
        "predictedVariance": (deviation**2 - noise).tolist(),
    }


def matern(distance):
    scaled = np.sqrt(5) * distance
    return (1 + scaled + scaled**2 / 3) * np.exp(-scaled)


def kernel(logs, x, z, other, other_z):
    *lengthscales, signal, _noise, error, stretch, power = np.exp(logs)
    distance = np.sqrt((((x[:, None] - other[None]) / lengthscales) ** 2).sum(-1))
    w = np.outer((1 - z) ** power, (1 - other_z) ** power)
    return signal * matern(distance) + w * (1 + error * matern(distance / stretch))


def several_fidelities(x, y, new):
    z = np.array([0, 0.25, 1])[np.arange(N) % 3]
    logs = np.array([-1, 0.2, -0.5, 0.3, -4, -1, 0.5, 0.4])

    def covariance(at):
        return kernel(at, x, z, x, z) + np.exp(at[D + 1]) * np.eye(N)

    def likelihood(at):
        matrix = covariance(at)
        solve = np.linalg.solve(matrix, np.stack([np.ones(N), y], axis=1))
        mean = solve[:, 1].sum() / solve[:, 0].sum()
        return stats.multivariate_normal(np.full(N, mean), matrix).logpdf(y), mean

    value, mean = likelihood(logs)
    step = 1e-5
    shifts = step * np.eye(len(logs))
    gradient = [(likelihood(logs + s)[0] - likelihood(logs - s)[0]) / (2 * step) for s in shifts]
    new_z = np.array([0, 0.25, 0.5, 1, 1])
    cross = kernel(logs, new, new_z, x, z)
    solved = np.linalg.solve(covariance(logs), np.column_stack([y - mean, cross.T]))
    prior = np.diag(kernel(logs, new, new_z, new, new_z))
    return {
        "logs": logs.tolist(),
        "z": z.tolist(),
        "newZ": new_z.tolist(),
        "mean": mean,
        "logLikelihood": value,
        "gradient": gradient,
        "predictedMean": (mean + cross @ solved[:, 0]).tolist(),
        "predictedVariance": (prior - (cross * solved[:, 1:].T).sum(1)).tolist(),
    }


def log_improvement():
    rows = []
    for u in [-1000, -200, -60, -12, -5, -2, -1.0001, -0.9999, -0.3, 0, 0.5, 1, 3, 12]:
        with mpmath.workdps(80):
            t = mpmath.mpf(u)
            cdf = mpmath.erfc(-t / mpmath.sqrt(2)) / 2
            value = mpmath.npdf(t) + t * cdf
            rows.append({"u": u, "logH": float(mpmath.log(value)), "slope": float(cdf / value)})
    return rows


def power_transform(rng):
    grid = [-30, -2.5, -1, -0.1, 0, 1e-3, 0.7, 4, 50]
    values = [
        {"y": y, "lambda": power, "value": float(stats.yeojohnson(np.array([y]), power)[0])}
        for y in map(float, grid)
        for power in [-1, 0, 0.5, 1, 2, 3]
    ]
    sample = np.concatenate([-np.exp(rng.normal(size=25)), rng.normal(size=15)])
    return {"values": values, "sample": sample.tolist(), "power": float(stats.yeojohnson_normmax(sample))}


def main(path):
    rng = np.random.default_rng(7)
    x, new = rng.random((N, D)), rng.random((M, D))
    y = np.sin(5 * x[:, 0]) + x[:, 1] - 0.5 + 0.1 * rng.normal(size=N)
    versions = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "mpmath": mpmath.__version__}
    reference = {
        "versions": versions,
        "x": x.ravel().tolist(),
        "y": y.tolist(),
        "new": new.ravel().tolist(),
        "oneFidelity": one_fidelity(x, y, new),
        "severalFidelities": several_fidelities(x, y, new),
        "logImprovement": log_improvement(),
        "powerTransform": power_transform(rng),
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(reference, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
