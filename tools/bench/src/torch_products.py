"""What matrix products take in PyTorch on this machine: the other side of products.mjs, called with the same JSON, printing the same."""

import json
import statistics
import sys
import time

import torch

WARM_UP = 2
RUNS = 10


def milliseconds(product):
    m, k, n = product["m"], product["k"], product["n"]
    a = torch.randn(k, m).t() if product["transposeA"] else torch.randn(m, k)
    b = torch.randn(n, k).t() if product["transposeB"] else torch.randn(k, n)
    c = torch.empty(m, n)
    times = []
    for _ in range(WARM_UP + RUNS):
        started = time.perf_counter()
        torch.mm(a, b, out=c)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times[WARM_UP:])


asked = json.loads(sys.argv[1])
torch.set_num_threads(asked["threads"])
print(json.dumps({"ms": [milliseconds(product) for product in asked["products"]]}))
