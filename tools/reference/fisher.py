"""Makes libs/training/finetune/fixtures/fisher.json: Fisher information of a masked-language model by autograd (float64, CPU, no dropout).

usage: fisher.py ENCODER_FOLDER OUTPUT.json      (needs torch, transformers, numpy, safetensors)

The model is the encoder in the folder with the masked-language head of `mlm.weight.*` in its expected.safetensors. Of the texts of
sequential.py, 15 % of each text's tokens, one at least, become [MASK]: which ones is the choice of libs/training/finetune/src/batches/mask-texts.ts,
written down a second time. F = mean over texts of the squared gradient of each text's own mean masked loss; or over batches of texts of
the squared gradient of the mean over all masked tokens of the batch. Of each tensor the norm of F is written.
"""

import json
import sys
from pathlib import Path

import numpy
import safetensors.torch
import torch
import transformers
from sequential import TASKS, epoch_order, mixed_seed

SEED, SHARE, TEXTS, MAX_LENGTH = 999, 0.15, 7, 24
BATCHES = [1, 3]


def masked_places(text, candidates):
    twister = numpy.random.RandomState(mixed_seed([SEED, text]))
    candidates = list(candidates)
    count = max(1, int(SHARE * len(candidates) + 0.5))
    for first in range(count):
        size = len(candidates) - first
        while True:  # as in sequential.py
            drawn = int(twister.randint(0, 2**32, dtype=numpy.uint64)) ^ 2**31
            if drawn < 2**32 // size * size:
                break
        other = first + drawn % size
        candidates[first], candidates[other] = candidates[other], candidates[first]
    return sorted(candidates[:count])


def main(folder, output):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    config = transformers.AutoConfig.from_pretrained(folder)
    config._attn_implementation = "eager"
    model = transformers.BertForMaskedLM(config)
    encoder = transformers.BertModel.from_pretrained(folder, add_pooling_layer=False)
    model.bert.load_state_dict(encoder.state_dict(), strict=True)
    head = safetensors.torch.load_file(Path(folder) / "expected.safetensors")
    cls = {name[len("mlm.weight.") :]: value for name, value in head.items() if name.startswith("mlm.weight.cls.")}
    missing, unexpected = model.load_state_dict(cls, strict=False)
    assert not unexpected and all(not name.startswith("cls.") or "decoder" in name for name in missing)
    model.tie_weights()
    model = model.double().eval()

    texts = [text for text, _, _ in TASKS["original"]["train"]]
    picked = [texts[row] for row in epoch_order(SEED, 0, 0, len(texts))[:TEXTS]]
    rows = []
    for number, text in enumerate(picked):
        ids = tokenizer(text, truncation=True, max_length=MAX_LENGTH)["input_ids"]
        candidates = [place for place, token in enumerate(ids) if token not in tokenizer.all_special_ids]
        rows.append((ids, masked_places(number, candidates)))

    named = {name: p for name, p in model.bert.named_parameters()}
    norms = {}
    for size in BATCHES:
        fisher = {name: torch.zeros_like(p) for name, p in named.items()}
        batches = [rows[start : start + size] for start in range(0, len(rows), size)]
        for batch in batches:
            losses = []
            for ids, places in batch:
                seen = torch.tensor([ids])
                seen[0, places] = tokenizer.mask_token_id
                logits = model(input_ids=seen).logits[0, places]
                losses.append(torch.nn.functional.cross_entropy(logits, torch.tensor(ids)[places], reduction="none"))
            loss = torch.cat(losses).mean()
            for name, gradient in zip(named, torch.autograd.grad(loss, named.values()), strict=True):
                fisher[name] += gradient**2 / len(batches)
        norms[size] = {name: value.norm().item() for name, value in fisher.items()}
    result = {
        "texts": TEXTS,
        "maxLength": MAX_LENGTH,
        "rows": [{"ids": ids, "masked": places} for ids, places in rows],
        "norms": norms,
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }
    Path(output).write_text(json.dumps(result) + "\n", encoding="utf8")


main(*sys.argv[1:])
