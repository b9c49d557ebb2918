"""Makes libs/compute/model/fixtures/bert: a very small BERT and what PyTorch computes with it (float32, CPU, no dropout).

usage: make_bert_fixture.py FOLDER      (needs torch, transformers, tokenizers, safetensors)

The layout is described in libs/checks/verification/src/reference-fixture.ts, which reads it. The texts are this project's own; they
include what tokenisers get wrong (final sigma, ideographs beyond the basic plane, empty texts, control characters).
Layer gains and biases are moved away from 1 and 0, so that no term of a gradient vanishes by accident. A second run
gives the same numbers on the same machine and versions; the files that are committed are the reference.
"""

import json
import math
import sys
from pathlib import Path

import tokenizers
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import models, normalizers, pre_tokenizers, trainers

LAYERS, HIDDEN, HEADS, INTERMEDIATE, POSITIONS, LABELS = 4, 16, 2, 32, 40, 3
VOCABULARY = 150
MAX_LENGTH = 24
TOTAL_STEPS, WARMUP_STEPS, STEPS = 10, 1, 5
RATES = [1e-3, 3e-4, 7e-4, 1e-4, 5e-4, 2e-4, 9e-4, 6e-4, 8e-4, 2e-3]
BETAS, EPSILON = (0.9, 0.999), 1e-8
IGNORED = -100

# The first four with their labels are the batch of all numbers.
TEXTS = [
    ("The old harbour was quiet tonight .", None),
    (
        'Mara asked her neighbour, the one with "three goats", whether the river had really risen again.',
        'Whether the river had risen, Mara asked, and her neighbour with the goats said "no".',
    ),
    ("a slow , warm evening by the river", "nobody was warm"),
    ("They paid $2.75 for the lamp.", None),
    ("", None),
    ("  ", "x"),
    ("brûlée jalapeño Dvořák Ærøskøbing", "ﬂour ¾ Ⅳ İzmir"),
    ("she'd y'all isn't rock'n'roll", "a.m. 2,500.10 @home #lamp 7% C++ <b>"),
    ("川の水 and 東京", "𠀀𠀁 beyond the basic plane 㐀"),
    ("ΟΔΟΣ ΣΟΦΟΣ ends in sigma Σ", None),
    ("a boat ⛵ on the river 🚣🏽‍♀️ end", None),
    ("tab\tand\nline\r\nbreaks", None),
    ("é combined; soft\xadhyphen; zero\u200bwidth; no\xa0break; thin\u2009space", None),
    ("z" * 120, "slow " * 40),
    ("river " * 30, "lamp " * 30),
    ("[CLS] [SEP] [MASK] are written out \x00bell\x07", "[PAD]"),
]
BATCH_LABELS = [1, 0, 2, 1]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Letters on which tokenisers disagree must have ids of their own to show it.
AWKWARD = ["σ", "ς", "##σ", "##ς", "ο", "##ο", "##δ", "##φ", "𠀀", "𠀁", "㐀", "川", "東", "i", "##̇", "¾"]


def make_tokenizer(folder: Path):
    trained = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    trained.normalizer = normalizers.BertNormalizer(lowercase=True)
    trained.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY - len(AWKWARD), limit_alphabet=48, special_tokens=SPECIAL, show_progress=False
    )
    trained.train_from_iterator([t for pair in TEXTS for t in pair if t], trainer)
    words = [word for word, _ in sorted(trained.get_vocab().items(), key=lambda item: item[1])]
    words += [word for word in AWKWARD if word not in words]
    (folder / "vocab.txt").write_text("".join(f"{word}\n" for word in words), encoding="utf8")
    tokenizer = transformers.BertTokenizer(vocab={word: i for i, word in enumerate(words)}, do_lower_case=True)
    tokenizer.save_pretrained(folder)
    return transformers.AutoTokenizer.from_pretrained(folder), len(words)


def expected_tokens(tokenizer):
    rows = []
    for text, pair in TEXTS:
        whole = tokenizer(text, pair)
        cut = tokenizer(text, pair, truncation=True, max_length=32)
        rows.append(
            {
                "text": text,
                "pair": pair,
                "ids": whole["input_ids"],
                "types": whole["token_type_ids"],
                "truncated32": cut["input_ids"],
                "truncated32_types": cut["token_type_ids"],
            }
        )
    return rows


def group_of(name: str) -> int:
    """The paper's ten groups for L layers: embeddings, 8 of 1.5 L / 12 layers each, head."""
    if "embeddings" in name:
        return 0
    if ".layer." not in name:
        return 9
    layer = int(name.split(".layer.")[1].split(".")[0])
    for group in range(1, 9):
        if math.floor(1.5 * (group - 1) * LAYERS / 12) <= layer <= math.floor(1.5 * group * LAYERS / 12) - 1:
            return group
    raise ValueError(name)


def factor(step: int) -> float:
    warmup = min(1.0, step / WARMUP_STEPS)
    return 0.5 * (1 + math.cos(math.pi * step / TOTAL_STEPS)) * warmup


def randomize(model, seed: int):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                parameter.copy_(0.2 * noise)
            else:
                parameter.add_(0.1 * noise)


def clone(parameters):
    return {name: value.detach().clone().contiguous() for name, value in parameters}


def gradients(model, loss):
    model.zero_grad()
    loss.backward()
    return {
        name: (torch.zeros_like(p) if p.grad is None else p.grad.clone()).contiguous()
        for name, p in model.named_parameters()
    }


def masked_language_model(model, config, batch, tensors):
    mlm = transformers.BertForMaskedLM(config).eval()
    randomize(mlm, 3)
    mlm.bert.load_state_dict(model.bert.state_dict(), strict=False)
    mlm.tie_weights()
    ids, labels = batch["input_ids"].clone(), torch.full_like(batch["input_ids"], IGNORED)
    special = (ids < len(SPECIAL)) | (batch["attention_mask"] == 0)
    generator = torch.Generator().manual_seed(4)
    chosen = (torch.rand(ids.shape, generator=generator) < 0.25) & ~special
    labels[chosen] = ids[chosen]
    ids[chosen] = SPECIAL.index("[MASK]")
    loss = mlm(**{**batch, "input_ids": ids}, labels=labels).loss
    for name, value in gradients(mlm, loss).items():
        tensors[f"mlm.grad.{name}"] = value
    for name, value in clone(mlm.named_parameters()).items():
        if name.startswith("cls."):
            tensors[f"mlm.weight.{name}"] = value
    tensors["mlm.input_ids"], tensors["mlm.labels"] = ids.int(), labels.int()
    tensors["mlm.loss"] = loss.detach().reshape(1)
    return loss.item()


def main(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    tokenizer, words = make_tokenizer(folder)
    config = transformers.BertConfig(
        vocab_size=words,
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INTERMEDIATE,
        max_position_embeddings=POSITIONS,
        num_labels=LABELS,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        classifier_dropout=0.0,
        attn_implementation="eager",
    )
    model = transformers.BertForSequenceClassification(config).eval()
    randomize(model, 1)
    model.save_pretrained(folder)

    texts = TEXTS[: len(BATCH_LABELS)]
    rows = [tokenizer(text, pair, truncation=True, max_length=MAX_LENGTH) for text, pair in texts]
    batch = dict(tokenizer.pad(rows, return_tensors="pt"))
    labels = torch.tensor(BATCH_LABELS)
    tensors = {f"input.{name}": value.int() for name, value in batch.items()}
    tensors["input.labels"] = labels.int()

    output = model(**batch, labels=labels, output_hidden_states=True)
    for layer, hidden in enumerate(output.hidden_states):
        tensors[f"hidden.{layer}"] = hidden.detach().contiguous()
    tensors["logits"], tensors["loss"] = output.logits.detach(), output.loss.detach().reshape(1)
    for name, value in gradients(model, output.loss).items():
        tensors[f"grad.{name}"] = value

    fisher = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
    for row in range(len(labels)):
        loss = model(**{name: value[row : row + 1] for name, value in batch.items()}, labels=labels[row : row + 1]).loss
        for name, value in gradients(model, loss).items():
            fisher[name] += value**2 / len(labels)
    for name, value in fisher.items():
        tensors[f"fisher.{name}"] = value

    mlm_loss = masked_language_model(model, config, batch, tensors)

    groups = {name: group_of(name) for name, _ in model.named_parameters()}
    optimizer = torch.optim.Adam(
        [{"params": [p], "lr": 0.0, "group": groups[name]} for name, p in model.named_parameters()],
        betas=BETAS,
        eps=EPSILON,
    )
    losses = []
    for step in range(STEPS):
        for entry in optimizer.param_groups:
            entry["lr"] = RATES[entry["group"]] * factor(step)
        optimizer.zero_grad()
        loss = model(**batch, labels=labels).loss
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    for name, value in clone(model.named_parameters()).items():
        tensors[f"after.{name}"] = value

    save_file(tensors, folder / "expected.safetensors")
    expected = {
        "architecture": "bert",
        "texts": texts,
        "max_length": MAX_LENGTH,
        "labels": BATCH_LABELS,
        "tokens": [row["input_ids"] for row in rows],
        "group_of_parameter": groups,
        "learning_rates": RATES,
        "schedule": {
            "total_steps": TOTAL_STEPS,
            "warmup_steps": WARMUP_STEPS,
            "formula": "lr * 0.5*(1+cos(pi*t/T)) * min(1, t/warmup), t = 0, 1, 2, ...",
            "factors": [factor(step) for step in range(STEPS)],
        },
        "adam": {"betas": BETAS, "eps": EPSILON},
        "losses": losses,
        "mlm": {"loss": mlm_loss, "loss_is": "mean cross-entropy over masked positions of the batch"},
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    (folder / "expected-tokens.json").write_text(json.dumps(expected_tokens(tokenizer)) + "\n")


main(Path(sys.argv[1]))
