"""Searches a learning rate for each layer of a PyTorch network that learns one task after another.

    python search_with_pytorch.py --trials 30 --journal rates.jsonl      (the same command again goes on)
"""
import sys

import torch
from ask_tell import search

RATE = {"type": "float", "low": 1e-4, "high": 1e-1, "log": True}
SPACE = {"lr0": RATE, "lr1": RATE, "lr2": RATE}  # from the input to the head


def task(seed):
    """Points on either side of a plane."""
    random = torch.Generator().manual_seed(seed)
    plane = torch.randn(8, generator=random)
    points = torch.randn(400, 8, generator=random)
    return points, (points @ plane > 0).long()


def train(values, run):
    torch.set_num_threads(1)  # a network as small as this one is faster so
    torch.manual_seed(run.get("seed", 1))
    layers = [torch.nn.Linear(8, 32), torch.nn.Linear(32, 32), torch.nn.Linear(32, 2)]
    model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
    groups = [{"params": layer.parameters(), "lr": values[f"lr{i}"]} for i, layer in enumerate(layers)]
    original, shifted = task(1), task(2)
    for points, labels in (original, shifted):
        optimizer = torch.optim.Adam(groups)
        for _ in range(60):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(points), labels).backward()
            optimizer.step()
    accuracy = [(model(points).argmax(1) == labels).float().mean() for points, labels in (original, shifted)]
    return sum(accuracy)  # what is kept of the first task, and what is learnt of the second


if __name__ == "__main__":
    print(search(SPACE, train, *sys.argv[1:]))
