"""Makes libs/training/finetune/fixtures/penalties.json: the sequential protocol with quadratic penalties in its loss, by autograd.

usage: penalties.py ENCODER_FOLDER OUTPUT.json      (needs torch, transformers, numpy, safetensors)

Texts, heads, rates and everything else are those of sequential.py. The loss of a step is its cross-entropy and
½ · lambda · Σ F (θ - a)²; the losses written are the cross-entropy alone. Penalties:

- L2-SP: a = the pretrained weights and F = 1 for the encoder, a = 0 and F = 1 for the head in training; in both phases.
- EWC as the paper has it: a = the pretrained weights, F = `fisher.*` of expected.safetensors in the encoder folder; in both phases.
- EWC: a = the encoder after phase 1, F = mean over D_o's training texts of the squared gradient of each text's own loss (or over
  batches of texts in their order of the seed, of the squared gradient of a batch's mean loss); in phase 2.
"""

import json
import sys
from pathlib import Path

import safetensors.torch
import torch
import transformers
from sequential import PHASES, SEED, TASKS, Runner, epoch_order

ADAM = {"optimizer": "adam", "batch": 4, "accumulate": 1, "clipNorm": None, "epochs": [2, 2]}
SGD = {"optimizer": "sgd", "batch": 2, "accumulate": 2, "clipNorm": 0.5, "epochs": [2, 2]}
VARIANTS = [
    {"name": "l2-sp", **ADAM, "penalty": {"kind": "l2-sp", "encoder": 3.0, "head": 0.5}},
    {"name": "l2-sp, clipped", **SGD, "penalty": {"kind": "l2-sp", "encoder": 100.0, "head": 2.0}},
    {"name": "ewc", **ADAM, "penalty": {"kind": "ewc", "lambda": 2000.0}},
    {"name": "ewc, clipped", **SGD, "penalty": {"kind": "ewc", "lambda": 1e6}},
    {"name": "ewc-standard", **ADAM, "penalty": {"kind": "ewc-standard", "lambda": 2000.0, "batch": 1}},
    {"name": "ewc-standard, batches", **ADAM, "penalty": {"kind": "ewc-standard", "lambda": 2000.0, "batch": 3}},
]


class HeldRunner(Runner):
    def __init__(self, folder, heads, settings):
        super().__init__(folder, heads)
        self.settings = settings
        self.pretrained = self.weights()
        stored = safetensors.torch.load_file(Path(folder) / "expected.safetensors")
        self.fisher = {name: stored[f"fisher.bert.{name}"].double() for name in self.pretrained}
        self.after = None

    def weights(self):
        return {name: p.detach().clone() for name, p in self.encoder.named_parameters()}

    def penalty(self, phase):
        held = dict(self.encoder.named_parameters())
        pull = lambda anchor, fisher: sum(  # noqa: E731
            (fisher[name] * (p - anchor[name]) ** 2).sum() for name, p in held.items()
        )
        ones = {name: torch.ones_like(p) for name, p in held.items()}
        kind = self.settings["kind"]
        if kind == "l2-sp":
            head = sum((p**2).sum() for p in self.heads[phase].parameters())
            return 0.5 * self.settings["encoder"] * pull(self.pretrained, ones) + 0.5 * self.settings["head"] * head
        if kind == "ewc":
            return 0.5 * self.settings["lambda"] * pull(self.pretrained, self.fisher)
        if phase == "original":
            return 0.0
        if self.after is None:
            self.after = self.weights()
            self.fisher = self.task_fisher(self.settings["batch"])
        return 0.5 * self.settings["lambda"] * pull(self.after, self.fisher)

    def task_fisher(self, size):
        rows = TASKS["original"]["train"]
        order = epoch_order(SEED, 0, 0, len(rows))
        batches = [[rows[row] for row in order[start : start + size]] for start in range(0, len(rows), size)]
        named = dict(self.encoder.named_parameters())
        fisher = {name: torch.zeros_like(p) for name, p in named.items()}
        for taken in batches:
            labels = torch.tensor([label for _, _, label in taken])
            loss = torch.nn.functional.cross_entropy(self.logits("original", taken), labels)
            for name, gradient in zip(named, torch.autograd.grad(loss, named.values()), strict=True):
                fisher[name] += gradient**2 / len(batches)
        return fisher


def distances(now, then):
    """Without the keys' biases, which have no gradient but rounding."""
    names = [name for name in now if not name.endswith("key.bias")]
    return sum(((now[name] - then[name]) ** 2).sum() for name in names).sqrt().item()


def run(folder, heads, variant):
    runner = HeldRunner(folder, heads, variant["penalty"])
    losses, logits, moved = {}, {}, {}
    for phase in PHASES:
        _, losses[phase] = runner.train(phase, variant)
        if phase == "original":
            logits["originalBefore"] = runner.evaluate("original")
        moved[phase] = distances(runner.weights(), runner.pretrained)
    logits |= {phase: runner.evaluate(phase) for phase in PHASES}
    return {**variant, "losses": losses, "logits": logits, "moved": moved}


def main(folder, output):
    torch.manual_seed(1)
    hidden = transformers.AutoConfig.from_pretrained(folder).hidden_size
    # The heads of sequential.json: the same draws in the same order.
    heads = {
        phase: (0.3 * torch.randn(len(task["labels"]), hidden), 0.1 * torch.randn(len(task["labels"])))
        for phase, task in TASKS.items()
    }
    result = {
        "runs": [run(folder, heads, variant) for variant in VARIANTS],
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }
    Path(output).write_text(json.dumps(result, ensure_ascii=False) + "\n", encoding="utf8")


main(*sys.argv[1:])
