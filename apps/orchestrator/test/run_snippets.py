"""Runs the snippets of `layerwise combine` in the current folder on a Hugging Face encoder, for combine-snippets.spec.ts.

Prints JSON: for each parameter its rate by each snippet, and how far one step of Adam moved it. A first step of Adam without
decay moves a weight by its rate wherever the gradient is not tiny, so what was moved is the rate that was applied.

    python run_snippets.py ENCODER
"""

import contextlib
import json
import os
import sys
import tempfile

os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, os.getcwd())

import torch
from transformers import AutoModelForSequenceClassification, TrainingArguments

import huggingface_trainer
import parameter_groups
import timm_layer_decay

ENCODER = sys.argv[1]
STEPS = 4


def load():
    torch.manual_seed(1)
    return AutoModelForSequenceClassification.from_pretrained(ENCODER, num_labels=2)


def rates_of(model, optimizer):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    return {names[id(p)]: group["lr"] for group in optimizer.param_groups for p in group["params"]}


def one_step(model, optimizer):
    """Each parameter's largest move by one step on made-up rows."""
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    ids = torch.randint(5, model.config.vocab_size, (4, 12))
    model(input_ids=ids, labels=torch.tensor([0, 1, 1, 0])).loss.backward()
    optimizer.step()
    return {name: (p.detach() - before[name]).abs().max().item() for name, p in model.named_parameters()}


def train_with_trainer(model):
    """Rates of each step of a whole run, by group name, and those before it."""
    rows = [{"input_ids": [5 + i, 6, 7, 8], "attention_mask": [1] * 4, "labels": i % 2} for i in range(2 * STEPS)]
    seen = []

    class Watched(huggingface_trainer.LayerwiseTrainer):
        def training_step(self, *args, **kwargs):
            seen.append({group["name"]: group["lr"] for group in self.optimizer.param_groups})
            return super().training_step(*args, **kwargs)

    with tempfile.TemporaryDirectory() as folder:
        args = TrainingArguments(
            output_dir=folder, per_device_train_batch_size=2, num_train_epochs=1, lr_scheduler_type="linear",
            learning_rate=0.123, use_cpu=True, report_to=[], save_strategy="no", disable_tqdm=True, logging_strategy="no",
        )
        Watched(model=model, args=args, train_dataset=rows).train()
    return seen


def refusal(module, build, change):
    """The message with which a snippet refuses a model that was changed."""
    model = load()
    change(model)
    try:
        build(model)
    except ValueError as error:
        return str(error)
    return None


def deepen(model):
    layers = model.bert.encoder.layer
    layers.append(type(layers[0])(model.config))


def shorten(model):
    del model.bert.encoder.layer[-1]


with contextlib.redirect_stdout(sys.stderr):
    model = load()
    optimizer = torch.optim.Adam(parameter_groups.parameter_groups(model))
    plain = rates_of(model, optimizer)
    moved = one_step(model, optimizer)
    decayed = parameter_groups.parameter_groups(load(), weight_decay=0.01)
    timm_model = load()
    timm_rates = rates_of(timm_model, torch.optim.AdamW(timm_layer_decay.layer_decay_groups(timm_model)))
    wrapped = torch.nn.DataParallel(load())
    answer = {
        "plain": plain,
        "moved": moved,
        "wrapped": len(rates_of(wrapped, torch.optim.Adam(parameter_groups.parameter_groups(wrapped)))),
        "decayed": sorted({(p.ndim > 1, group["weight_decay"]) for group in decayed for p in group["params"]}),
        "timm": timm_rates,
        "trainer": train_with_trainer(load()),
        "deeper": [refusal(*of, deepen) for of in ((parameter_groups, parameter_groups.parameter_groups), (timm_layer_decay, timm_layer_decay.layer_decay_groups))],
        "shorter": [refusal(*of, shorten) for of in ((parameter_groups, parameter_groups.parameter_groups), (timm_layer_decay, timm_layer_decay.layer_decay_groups))],
    }
print(json.dumps(answer))
