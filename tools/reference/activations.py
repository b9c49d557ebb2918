"""Values and derivatives of transformers' activations, for the tests of libs/compute/engine and libs/compute/model.

    python tools/reference/activations.py > libs/compute/engine/fixtures/activations.json

Needs torch and transformers. Computed in float64 at points that float32 holds exactly, so that what is compared is the
formula; points of a kink (0, 6) are left out, where a derivative is a matter of taste.
"""

import json
import sys

import torch
import transformers
from transformers.activations import ACT2FN

# Names that config.json of BERT and its kin use, several of them for one function.
NAMES = [
    "gelu", "gelu_python", "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh",
    "quick_gelu", "relu", "relu2", "relu6", "leaky_relu", "silu", "swish", "mish", "sigmoid", "tanh", "linear",
]  # fmt: skip
POINTS = [-12.0, -5.5, -3.0, -1.5, -0.75, -0.25, -0.0625, 0.0625, 0.25, 0.75, 1.5, 3.0, 5.5, 6.5, 12.0]


def main():
    functions = {}
    for name in NAMES:
        x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
        y = ACT2FN[name](x)
        y.sum().backward()
        functions[name] = {"values": y.tolist(), "derivatives": x.grad.tolist()}
    versions = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
    json.dump({"versions": versions, "points": POINTS, "functions": functions}, sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
