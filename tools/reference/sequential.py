"""Makes libs/training/finetune/fixtures/sequential.json: the sequential protocol as PyTorch runs it (float64, CPU, no dropout).

usage: sequential.py ENCODER_FOLDER OUTPUT.json      (needs torch, transformers, numpy)

Train on one task, restart schedule and optimiser, train on the other; a head for each. Ten learning rates for the paper's ten
layer groups. The encoder is libs/compute/model/fixtures/bert; texts, heads and rates are made here. The order of the texts is the one of
libs/training/finetune/src/batches/batch-order.ts, written down a second time, on numpy's Mersenne twister.
"""

import json
import math
import sys
from pathlib import Path

import numpy
import torch
import transformers

SEED, MAX_LENGTH, WARMUP = 7, 24, 0.25
RATES = [1e-3, 3e-4, 7e-4, 1e-4, 5e-4, 2e-4, 9e-4, 6e-4, 8e-4, 2e-3]
PHASES = ["original", "shifted"]
TASKS = {
    "original": {
        "labels": ["calm", "loud", "far"],
        "train": [
            ["the lamp by the river was quiet tonight .", None, 0],
            ["a horn , a drum and three dogs", None, 1],
            ["nobody heard the slow boat", None, 0],
            ["over the hills lies another harbour", None, 2],
            ["the goats were screaming !", None, 1],
            ["beyond the last village, far away", None, 2],
            ["warm evening", None, 0],
            ["bells bells bells", None, 1],
            ["it takes two days to walk there", None, 2],
            ["she sang so softly that the cat slept on", None, 0],
        ],
        "dev": [
            ["the dogs were loud", None, 1],
            ["a quiet river", None, 0],
            ["two days beyond the hills", None, 2],
            ["the drum was far away", None, 2],
            ["nobody sang", None, 0],
        ],
    },
    "shifted": {
        "labels": ["different", "same"],
        "train": [
            ["the river rose", "the water of the river went up", 1],
            ["Mara has three goats", "nobody has goats", 0],
            ["it was a slow evening", "the evening was slow", 1],
            ["they paid for the lamp", "the lamp was theirs for nothing", 0],
            ["the harbour was quiet", "there was no noise in the harbour", 1],
            ["he walked to the village", "he never left his house", 0],
            ["a boat came", "a boat arrived", 1],
        ],
        "dev": [
            ["the goats slept", "the goats were asleep", 1],
            ["she asked her neighbour", "she asked nobody", 0],
            ["two bells", "a pair of bells", 1],
        ],
    },
}
VARIANTS = [
    {"name": "adam", "optimizer": "adam", "batch": 4, "accumulate": 1, "clipNorm": None, "epochs": [4, 3]},
    {"name": "adamw", "optimizer": "adamw", "batch": 2, "accumulate": 2, "clipNorm": 1.0, "epochs": [2, 2]},
    {"name": "sgd", "optimizer": "sgd", "batch": 4, "accumulate": 1, "clipNorm": 0.5, "epochs": [2, 2]},
]


def mixed_seed(numbers):
    mask = 0xFFFFFFFF
    value = 0x811C9DC5
    for number in numbers:
        for byte in number.to_bytes(8, "little"):
            value = ((value ^ byte) * 0x01000193) & mask
    value = ((value ^ (value >> 16)) * 0x21F0AAAD) & mask
    value = ((value ^ (value >> 15)) * 0x735A2D97) & mask
    return value ^ (value >> 15)


def epoch_order(seed, phase, epoch, rows):
    twister = numpy.random.RandomState(mixed_seed([seed, phase, epoch]))
    order = list(range(rows))
    for last in range(rows - 1, 0, -1):
        size = last + 1
        while True:  # numbers past the last whole multiple would favour the first rows
            # pure-rand gives signed integers and shifts them up by 2^31
            drawn = int(twister.randint(0, 2**32, dtype=numpy.uint64)) ^ 2**31
            if drawn < 2**32 // size * size:
                break
        other = drawn % size
        order[last], order[other] = order[other], order[last]
    return order


def group_of(name, layers):
    if name.startswith("embeddings"):
        return 0
    layer = int(name.split(".layer.")[1].split(".")[0])
    for group in range(1, 9):
        if math.floor(1.5 * (group - 1) * layers / 12) <= layer <= math.floor(1.5 * group * layers / 12) - 1:
            return group
    raise ValueError(name)


def factor(step, steps):
    warmup = max(1, math.floor(WARMUP * steps))
    return 0.5 * (1 + math.cos(math.pi * step / steps)) * min(1.0, step / warmup)


def optimizer_of(name, groups):
    if name == "sgd":
        return torch.optim.SGD(groups, momentum=0.9)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    return kind(groups, betas=(0.9, 0.999), eps=1e-8)


class Runner:
    def __init__(self, folder, heads):
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        self.encoder = transformers.BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager"
        ).double()
        self.encoder.eval()
        self.heads = {}
        for phase, (weight, bias) in heads.items():
            head = torch.nn.Linear(*reversed(weight.shape)).double()
            with torch.no_grad():
                head.weight.copy_(weight)
                head.bias.copy_(bias)
            self.heads[phase] = head

    def logits(self, phase, rows):
        encoded = [self.tokenizer(text, pair, truncation=True, max_length=MAX_LENGTH) for text, pair, _ in rows]
        batch = self.tokenizer.pad(encoded, return_tensors="pt")
        return self.heads[phase](self.encoder(**batch).last_hidden_state[:, 0])

    def penalty(self, phase):
        """What is added to the loss in a phase; see penalties.py."""
        return 0.0

    def train(self, phase, variant):
        layers = self.encoder.config.num_hidden_layers
        groups = [
            {"params": [p], "lr": 0.0, "rate": RATES[group_of(name, layers)]}
            for name, p in self.encoder.named_parameters()
        ] + [{"params": list(self.heads[phase].parameters()), "lr": 0.0, "rate": RATES[9]}]
        optimizer = optimizer_of(variant["optimizer"], groups)
        rows = TASKS[phase]["train"]
        texts = variant["batch"] * variant["accumulate"]
        epochs = variant["epochs"][PHASES.index(phase)]
        batches = []
        for epoch in range(epochs):
            order = epoch_order(SEED, PHASES.index(phase), epoch, len(rows))
            batches += [order[start : start + texts] for start in range(0, len(rows), texts)]
        losses = []
        for step, batch in enumerate(batches):
            for group in optimizer.param_groups:
                group["lr"] = group["rate"] * factor(step, len(batches))
            optimizer.zero_grad()
            taken = [rows[row] for row in batch]
            labels = torch.tensor([label for _, _, label in taken])
            loss = torch.nn.functional.cross_entropy(self.logits(phase, taken), labels)
            (loss + self.penalty(phase)).backward()
            if variant["clipNorm"] is not None:
                parameters = [p for group in optimizer.param_groups for p in group["params"]]
                torch.nn.utils.clip_grad_norm_(parameters, variant["clipNorm"])
            optimizer.step()
            losses.append(loss.item())
        return batches, losses

    def evaluate(self, phase):
        with torch.no_grad():
            return self.logits(phase, TASKS[phase]["dev"]).tolist()


def run(folder, heads, variant):
    runner = Runner(folder, heads)
    batches, losses, logits = {}, {}, {}
    for phase in PHASES:
        batches[phase], losses[phase] = runner.train(phase, variant)
        if phase == "original":
            logits["originalBefore"] = runner.evaluate("original")
    logits |= {phase: runner.evaluate(phase) for phase in PHASES}
    return {**variant, "batches": batches, "losses": losses, "logits": logits}


def main(folder, output):
    torch.manual_seed(1)
    hidden = transformers.AutoConfig.from_pretrained(folder).hidden_size
    heads = {
        phase: (0.3 * torch.randn(len(task["labels"]), hidden), 0.1 * torch.randn(len(task["labels"])))
        for phase, task in TASKS.items()
    }
    result = {
        "seed": SEED,
        "maxLength": MAX_LENGTH,
        "warmup": WARMUP,
        "rates": RATES,
        "tasks": TASKS,
        "heads": {
            phase: {"weight": weight.tolist(), "bias": bias.tolist()} for phase, (weight, bias) in heads.items()
        },
        "runs": [run(folder, heads, variant) for variant in VARIANTS],
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }
    Path(output).write_text(json.dumps(result, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    main(*sys.argv[1:])
