"""Makes libs/compute/model/fixtures/taught.json: the loss of a masked-language model with a teacher, and its gradients, by PyTorch (float64).

usage: taught.py ENCODER_FOLDER OUTPUT.json      (needs torch, transformers)

The encoder is libs/compute/model/fixtures/bert, its masked-language head is new; texts, places to tell, projection and the teacher's vectors
are made here.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
import transformers

TEACHER, SIMILARITY, SIZE = 0.8, 5.0, 6
LENGTHS = [6, 4, 9, 5]
# (text, place, right token)
TOLD = [(0, 2, 11), (0, 4, 30), (2, 1, 7), (2, 8, 7), (3, 3, 25)]
SHOWN = [
    "bert.embeddings.LayerNorm.weight",
    "bert.encoder.layer.0.attention.self.query.weight",
    "bert.encoder.layer.3.attention.self.value.weight",
    "bert.encoder.layer.3.output.dense.weight",
    "cls.predictions.transform.dense.weight",
    "cls.predictions.bias",
]


def main(folder, output):
    torch.manual_seed(5)
    model = transformers.BertForMaskedLM.from_pretrained(folder, attn_implementation="eager").double().eval()
    config, longest = model.config, max(LENGTHS)
    with torch.no_grad():
        for name, parameter in model.cls.named_parameters():
            if "decoder.weight" not in name:
                parameter.normal_(0, 0.3)
    ids = torch.zeros(len(LENGTHS), longest, dtype=torch.long)
    mask = torch.zeros(len(LENGTHS), longest, dtype=torch.long)
    for text, length in enumerate(LENGTHS):
        ids[text, :length] = torch.randint(1, config.vocab_size, (length,))
        mask[text, :length] = 1
    projection = torch.nn.Linear(config.hidden_size, SIZE).double()
    teacher = F.normalize(torch.randn(len(LENGTHS), SIZE).double(), dim=1)

    states = model.bert(input_ids=ids, attention_mask=mask).last_hidden_state
    told = torch.stack([states[text, place] for text, place, _ in TOLD])
    masked = F.cross_entropy(model.cls(told), torch.tensor([right for _, _, right in TOLD]))
    student = F.normalize(projection(states[:, 0]), dim=1)
    cosine = (student * teacher).sum(1).mean()
    similarity = ((student @ student.T - teacher @ teacher.T) ** 2).mean()
    loss = masked + TEACHER * (1 - cosine + SIMILARITY * similarity)
    loss.backward()

    named = dict(model.named_parameters())
    listed = lambda tensor: tensor.detach().flatten().tolist()
    head = {name: listed(value) for name, value in named.items() if name.startswith("cls.") and "decoder" not in name}
    numbers = {
        "teacher": TEACHER,
        "similarity": SIMILARITY,
        "ids": [ids[text, :length].tolist() for text, length in enumerate(LENGTHS)],
        "told": TOLD,
        "head": head,
        "projection": {"weight": listed(projection.weight), "bias": listed(projection.bias)},
        "vectors": listed(teacher),
        "loss": loss.item(),
        "masked": masked.item(),
        "cosine": cosine.item(),
        "gradients": {name.removeprefix("bert."): listed(named[name].grad) for name in SHOWN}
        | {
            "teacher.projection.weight": listed(projection.weight.grad),
            "teacher.projection.bias": listed(projection.bias.grad),
        },
    }
    Path(output).write_text(json.dumps(numbers) + "\n")


main(*sys.argv[1:])
