"""Makes libs/compute/model/fixtures/smart.json: SMART's loss (Jiang et al. 2020) and its gradients by PyTorch's autograd (float64, no dropout).

usage: smart.py ENCODER_FOLDER OUTPUT.json      (needs torch, transformers)

The encoder is libs/compute/model/fixtures/bert; token ids, head, first perturbation and earlier logits are made here. One inner step: the
gradient of the symmetric divergence by the perturbation, divided by each text's largest entry, a step along it, cut to the ball.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
import transformers

SMOOTHNESS, PROXIMITY, STEP, RADIUS = 3.0, 0.7, 0.05, 0.04
LENGTHS, LABELS = [5, 3, 7], [2, 0, 1]
# Gradients of these are written down; the key's bias has none.
SHOWN = [
    "embeddings.LayerNorm.weight",
    "encoder.layer.0.attention.self.query.weight",
    "encoder.layer.1.output.dense.bias",
    "encoder.layer.3.attention.self.value.weight",
    "encoder.layer.3.output.LayerNorm.bias",
]


def symmetric(a, b):
    p, q = F.log_softmax(a, -1), F.log_softmax(b, -1)
    both = F.kl_div(q, p, log_target=True, reduction="none") + F.kl_div(p, q, log_target=True, reduction="none")
    return both.sum(-1).mean()


def main(folder, output):
    torch.manual_seed(3)
    encoder = transformers.BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    encoder = encoder.double().eval()
    config = encoder.config
    hidden, longest = config.hidden_size, max(LENGTHS)
    ids = torch.zeros(len(LENGTHS), longest, dtype=torch.long)
    mask = torch.zeros(len(LENGTHS), longest, dtype=torch.long)
    for text, length in enumerate(LENGTHS):
        ids[text, :length] = torch.randint(1, config.vocab_size, (length,))
        mask[text, :length] = 1
    head = torch.nn.Linear(hidden, 3).double()
    with torch.no_grad():
        head.weight.normal_(0, 0.5)
        head.bias.normal_(0, 0.2)
    words = encoder.get_input_embeddings()(ids).detach()

    def logits(perturbation):
        embedded = words + perturbation * mask.unsqueeze(-1)
        return head(encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state[:, 0])

    start = (0.02 * torch.randn(len(LENGTHS), longest, hidden).double() * mask.unsqueeze(-1)).requires_grad_()
    inner = symmetric(logits(0 * start.detach()).detach(), logits(start))
    (ascent,) = torch.autograd.grad(inner, start)
    largest = ascent.abs().amax(dim=(1, 2), keepdim=True)
    perturbation = (start + STEP * ascent / largest).clamp(-RADIUS, RADIUS).detach()

    earlier = (logits(0 * perturbation) + 0.3 * torch.randn(len(LENGTHS), 3).double()).detach()
    words.requires_grad_()
    clean = logits(0 * perturbation)
    losses = {
        "crossEntropy": F.cross_entropy(clean, torch.tensor(LABELS)),
        "smoothness": symmetric(clean, logits(perturbation)),
        "proximity": symmetric(clean, earlier),
    }
    loss = losses["crossEntropy"] + SMOOTHNESS * losses["smoothness"] + PROXIMITY * losses["proximity"]
    named = {name: p for name, p in encoder.named_parameters() if name in SHOWN}
    shown = {**named, "head.weight": head.weight, "head.bias": head.bias}
    gradients = torch.autograd.grad(loss, [words, *shown.values()])

    def rows(tensor):
        return [tensor[text, :length].flatten().tolist() for text, length in enumerate(LENGTHS)]

    result = {
        "smoothness": SMOOTHNESS,
        "proximity": PROXIMITY,
        "stepSize": STEP,
        "radius": RADIUS,
        "labels": LABELS,
        "ids": [ids[text, :length].tolist() for text, length in enumerate(LENGTHS)],
        "head": {"weight": head.weight.flatten().tolist(), "bias": head.bias.tolist()},
        "start": rows(start.detach()),
        "divergence": inner.item(),
        "ascent": rows(ascent),
        "perturbation": rows(perturbation),
        "earlierLogits": earlier.flatten().tolist(),
        "losses": {name: value.item() for name, value in losses.items()},
        "loss": loss.item(),
        "rowGradients": rows(gradients[0]),
        "gradients": {name: g.flatten().tolist() for name, g in zip(shown, gradients[1:])},
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }

    def short(value):
        if isinstance(value, float):
            return float(f"{value:.9g}")
        if isinstance(value, list):
            return [short(entry) for entry in value]
        return {key: short(entry) for key, entry in value.items()} if isinstance(value, dict) else value

    Path(output).write_text(json.dumps(short(result)) + "\n", encoding="utf8")


main(*sys.argv[1:])
