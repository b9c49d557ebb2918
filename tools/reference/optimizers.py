"""Numbers of PyTorch's optimisers and transformers' schedules, for the tests of libs/compute/optimizers.

    python tools/reference/optimizers.py > libs/compute/optimizers/fixtures/optimizers.json

Needs torch and transformers. Three tensors in three groups with rates of their own (one of them 0), five steps; the
gradients are drawn once with a seed and stored, so that nothing but the update is compared. Everything is float32.
"""

import json
import sys

import torch
import transformers

STEPS = 5
SHAPES = {"a": [3, 7], "b": [16], "c": [5]}
RATES = {"a": 1e-3, "b": 0.0, "c": 2e-2}
MAX_NORM = 1.0
COEFFICIENT = 3.0


def tensors(generator, scale):
    return {name: torch.randn(shape, generator=generator) * scale for name, shape in SHAPES.items()}


def flat(named):
    return {name: tensor.detach().flatten().tolist() for name, tensor in named.items()}


def penalty(parameters, anchor, coefficients):
    """½ Σ c (p - a)²; every gradient beside it comes from a linear loss, so that autograd adds the two up."""
    return sum(
        0.5 * (coefficients[name] * (parameter - anchor[name]) ** 2).sum() for name, parameter in parameters.items()
    )


def run(make, initial, gradients, clip=False, accumulate=1, anchor=None, coefficients=None):
    """Parameters and optimiser state after each step; `accumulate` steps' gradients make one update."""
    parameters = {name: torch.nn.Parameter(tensor.clone()) for name, tensor in initial.items()}
    optimizer = make([{"params": [parameters[name]], "lr": RATES[name]} for name in SHAPES])
    after, norms = [], []
    for start in range(0, STEPS - accumulate + 1, accumulate):
        for name, parameter in parameters.items():
            parts = [gradient[name] for gradient in gradients[start : start + accumulate]]
            parameter.grad = torch.stack(parts).sum(0) / accumulate
        if anchor is not None:
            linear = sum((parameter * parameter.grad).sum() for parameter in parameters.values())
            optimizer.zero_grad()
            (linear + penalty(parameters, anchor, coefficients)).backward()
        if clip:
            norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), MAX_NORM).item())
        optimizer.step()
        after.append(flat(parameters))
    state = {
        f"{key}.{name}": optimizer.state[parameter][key].flatten().tolist()
        for name, parameter in parameters.items()
        for key in ("exp_avg", "exp_avg_sq", "momentum_buffer")
        if key in optimizer.state[parameter]
    }
    return {"after": after, "state": state, **({"norms": norms} if clip else {})}


def schedule(make, total, warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer, warmup, total)
    factors = []
    for _ in range(total):
        factors.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return factors


def main():
    generator = torch.Generator().manual_seed(7)
    initial = tensors(generator, 0.5)
    # From tiny to large gradients: epsilon and clipping both get their turn.
    gradients = [tensors(generator, scale) for scale in (1e-4, 1e-1, 1e-9, 2.0, 0.3)]
    anchor = tensors(generator, 0.5)
    fisher = {name: tensor**2 * 10.0 for name, tensor in tensors(generator, 1.0).items()}
    uniform = {name: torch.full(shape, COEFFICIENT) for name, shape in SHAPES.items()}
    adam = dict(betas=(0.9, 0.999), eps=1e-8, foreach=False)
    optimizers = {
        "adam": lambda groups: torch.optim.Adam(groups, **adam),
        "adamw": lambda groups: torch.optim.AdamW(groups, **adam, weight_decay=0.01),
        "sgd": lambda groups: torch.optim.SGD(groups, lr=0.0, momentum=0.9, foreach=False),
    }
    json.dump(
        {
            "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
            "shapes": SHAPES,
            "rates": RATES,
            "maxNorm": MAX_NORM,
            "initial": flat(initial),
            "gradients": [flat(gradient) for gradient in gradients],
            "plain": {name: run(make, initial, gradients) for name, make in optimizers.items()},
            "clipped": {name: run(make, initial, gradients, clip=True) for name, make in optimizers.items()},
            "accumulated": {name: run(make, initial, gradients, accumulate=2) for name, make in optimizers.items()},
            "coefficient": COEFFICIENT,
            "anchor": flat(anchor),
            "fisher": flat(fisher),
            "pulled": {
                name: run(make, initial, gradients, clip=True, anchor=anchor, coefficients=fisher)
                for name, make in optimizers.items()
            },
            "pulledEvenly": {
                name: run(make, initial, gradients, anchor=anchor, coefficients=uniform)
                for name, make in optimizers.items()
            },
            "schedules": [
                {
                    "total": total,
                    "warmup": warmup,
                    "cosine": schedule(transformers.get_cosine_schedule_with_warmup, total, 0),
                    "linear": schedule(transformers.get_linear_schedule_with_warmup, total, warmup),
                    "constant": schedule(
                        lambda optimizer, warmup, _: transformers.get_constant_schedule_with_warmup(optimizer, warmup),
                        total,
                        warmup,
                    ),
                }
                for total, warmup in ((10, 1), (47, 4), (1, 1), (10, 0), (3, 0), (1, 0))
            ],
        },
        sys.stdout,
    )
    sys.stdout.write("\n")


main()
