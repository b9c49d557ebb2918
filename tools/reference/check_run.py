"""Opens what a finished `layerwise finetune` run wrote back in Python, and compares its logits with the run's predictions.

`encoder/` is opened with AutoModel and put under the heads of heads.safetensors; with --classifiers (a run made with that
option) `classifier-original/` and `classifier-shifted/` are opened with AutoModelForSequenceClassification as well. Needs torch,
transformers, safetensors, pyarrow.

usage: check_run.py RUN GLUE ORIGINAL SHIFTED [--rows 200] [--max-length 256] [--classifiers]
"""
import argparse
import pathlib

import pyarrow as pa
import torch
from repeat_run import rows
from safetensors.torch import load_file
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer


def main():
    parser = argparse.ArgumentParser()
    for name in ("run", "glue", "original", "shifted"):
        parser.add_argument(name)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--classifiers", action="store_true")
    a = parser.parse_args()
    run = pathlib.Path(a.run)
    heads = load_file(run / "heads.safetensors")
    tokenizer = AutoTokenizer.from_pretrained(run / "encoder")
    encoder = AutoModel.from_pretrained(run / "encoder").eval()
    for phase, task in (("original", a.original), ("shifted", a.shifted)):
        table = pa.ipc.open_file(run / f"predictions-{phase}.arrow").read_all().slice(0, a.rows)
        expected = torch.tensor(table["logits"].to_pylist())
        weight, bias = heads[f"head.{phase}.weight"], heads[f"head.{phase}.bias"]
        classifier = None
        if a.classifiers:
            classifier = AutoModelForSequenceClassification.from_pretrained(run / f"classifier-{phase}").eval()
        worst, worst_classifier = 0.0, 0.0
        for (text, pair, _), logits in zip(rows(a.glue, task, "dev", a.rows), expected, strict=True):
            batch = tokenizer(text, pair, truncation=True, max_length=a.max_length, return_tensors="pt")
            with torch.no_grad():
                found = torch.nn.functional.linear(encoder(**batch).last_hidden_state[:, 0], weight, bias)[0]
                worst = max(worst, (found - logits).abs().max().item())
                if classifier is not None:
                    worst_classifier = max(worst_classifier, (classifier(**batch).logits[0] - logits).abs().max().item())
        through = f", through the classification folder {worst_classifier:.1e}" if a.classifiers else ""
        print(f"{task}: largest difference of a logit over {a.rows} dev rows {worst:.1e}{through}")


if __name__ == "__main__":
    main()
