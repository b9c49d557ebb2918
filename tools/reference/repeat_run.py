"""Repeats a finished `layerwise finetune` run in PyTorch: the same initial heads, the same batches, dropout off, and compares.

The run must have been made with --dropout 0; its folder says which rows every step saw (batches.arrow), how the heads
began (heads-initial.safetensors), every step's rates and loss (history.arrow) and what came out (results.arrow). Tokens come
from the Python library, so they are checked too. Needs torch, transformers, safetensors, pyarrow.

usage: repeat_run.py RUN ENCODER GLUE ORIGINAL SHIFTED [--losses 50] [--train 2000] [--max-length 256] [--whole]
  --losses N: steps of the first phase whose losses are compared; --whole: both phases and the final accuracies as well.
"""
import argparse
import pathlib

import pyarrow as pa
import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoTokenizer

COLUMNS = {
    "SST-2": ("sentence", None, "label"),
    "MRPC": ("#1 String", "#2 String", "Quality"),
    "RTE": ("sentence1", "sentence2", "label"),
    "QNLI": ("question", "sentence", "label"),
    "QQP": ("question1", "question2", "is_duplicate"),
}


def rows(folder, task, split, limit=None):
    text, pair, label = COLUMNS[task]
    lines = (pathlib.Path(folder) / task / f"{split}.tsv").read_text(encoding="utf8").split("\n")
    head = lines[0].lstrip("\ufeff").split("\t")
    cells = [line.split("\t") for line in lines[1:] if line][:limit]
    return [(c[head.index(text)], c[head.index(pair)] if pair else None, c[head.index(label)]) for c in cells]


def table(run, name):
    return pa.ipc.open_file(pathlib.Path(run) / name).read_all()


def main():
    parser = argparse.ArgumentParser()
    for name in ("run", "encoder", "glue", "original", "shifted"):
        parser.add_argument(name)
    parser.add_argument("--losses", type=int, default=50)
    parser.add_argument("--train", type=int, default=2000)
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--whole", action="store_true")
    a = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(a.encoder)
    encoder = AutoModel.from_pretrained(a.encoder, add_pooling_layer=False, attn_implementation="eager").float().eval()
    heads = load_file(pathlib.Path(a.run) / "heads-initial.safetensors")
    history, batches = table(a.run, "history.arrow").to_pydict(), table(a.run, "batches.arrow").to_pydict()
    results = table(a.run, "results.arrow").to_pydict()
    layers = encoder.config.num_hidden_layers

    def group(name):  # the paper's ten groups, scaled to the depth
        if not name.startswith("encoder.layer."):
            return 0
        layer = int(name.split(".")[2])
        return next(i for i in range(1, 9) if (i - 1) * layers // 8 <= layer < i * layers // 8)

    def collate(data):
        batch = tokenizer.pad([{k: v for k, v in e.items()} for e, _ in data], return_tensors="pt")
        return batch, torch.tensor([label for _, label in data])

    tasks = {}
    for phase, task in (("original", a.original), ("shifted", a.shifted)):
        train, dev = rows(a.glue, task, "train", a.train), rows(a.glue, task, "dev")
        names = sorted({row[2] for row in train})
        encode = lambda data: [(tokenizer(r[0], r[1], truncation=True, max_length=a.max_length), names.index(r[2])) for r in data]
        head = torch.nn.Linear(encoder.config.hidden_size, len(names))
        head.weight.data, head.bias.data = heads[f"head.{phase}.weight"].clone(), heads[f"head.{phase}.bias"].clone()
        tasks[phase] = {"train": encode(train), "dev": encode(dev), "head": head}

    def logits(phase, batch):
        return tasks[phase]["head"](encoder(**batch).last_hidden_state[:, 0])

    def accuracy(phase):
        data, right = tasks[phase]["dev"], 0
        with torch.no_grad():
            for i in range(0, len(data), 32):
                batch, labels = collate(data[i : i + 32])
                right += (logits(phase, batch).argmax(-1) == labels).sum().item()
        return right / len(data)

    def train(phase, limit=None):
        parameters = [(group(n), p) for n, p in encoder.named_parameters()] + [(9, p) for p in tasks[phase]["head"].parameters()]
        optimizer = torch.optim.Adam([{"params": [p], "lr": 0.0, "group": g} for g, p in parameters])
        worst = 0.0
        for row in [i for i, at in enumerate(history["phase"]) if at == phase][:limit]:
            batch, labels = collate([tasks[phase]["train"][i] for i in batches["rows"][row]])
            for g in optimizer.param_groups:
                g["lr"] = history["rates"][row][g["group"]]
            loss = torch.nn.functional.cross_entropy(logits(phase, batch), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            worst = max(worst, abs(loss.item() - history["loss"][row]))
        return worst

    if not a.whole:
        print(f"largest difference of the first {a.losses} losses: {train('original', a.losses):.2e}")
        return
    worst = train("original")
    before = accuracy("original")
    worst_shifted = train("shifted")
    found = {"accuracyOriginalBefore": before, "accuracyShifted": accuracy("shifted"), "accuracyOriginal": accuracy("original")}
    print(f"largest difference of a loss: {worst:.2e} in the first phase, {worst_shifted:.2e} in the second")
    for name, value in found.items():
        print(f"{name}: PyTorch {value:.4f}, layerwise {results[name][0]:.4f}, difference {100 * (results[name][0] - value):+.2f} points")


if __name__ == "__main__":
    main()
