/**
 * The nearest layer-wise decay (`layer-decay.ts`) as a Python module for timm. timm finds a model's layers by
 * its `group_matcher`, and without one it cuts the list of parameters into dozens, and only timm's own
 * schedulers apply its `lr_scale`; so the module gives the model a matcher, writes the rates into the groups,
 * and checks each of them.
 */
import type { LayerDecay } from './layer-decay.js';
import { pythonFloat } from './python-text.js';

export function timmSnippet({ rate, decay, layers, misfit }: LayerDecay): string {
  return `"""The layer-wise decay nearest to a distribution of learning rates, for timm, written by \`layerwise combine\`.

    optimizer = torch.optim.AdamW(layer_decay_groups(model, weight_decay=0.01))

The head has LEARNING_RATE, each layer below it LAYER_DECAY times the rate of the one above, the embeddings the last.
It misses the distribution by a factor of ${misfit.typical.toFixed(2)} typically and ${misfit.largest.toFixed(2)} at most: where that is much, take parameter_groups.py.
Raises ValueError unless every parameter gets the rate of its layer. \`python timm_layer_decay.py MODEL\` prints the rates.
"""

import re
import sys

from timm.optim import param_groups_layer_decay

LEARNING_RATE = ${pythonFloat(rate)}
LAYER_DECAY = ${pythonFloat(decay)}
LAYERS = ${layers}

STEM = r"(?:^|\\.)embeddings\\."
BLOCK = r"(?:^|\\.)encoder\\.layer\\.(\\d+)\\."


def expected_rate(name):
    """By the parameter's name alone: what timm has to arrive at."""
    block = re.search(BLOCK, name)
    if block and int(block[1]) >= LAYERS:
        raise ValueError(f"parameter {name} lies in a layer beyond the {LAYERS} that the decay was fitted to")
    unit = int(block[1]) + 1 if block else 0 if re.search(STEM, name) else LAYERS + 1
    return LEARNING_RATE * LAYER_DECAY ** (LAYERS + 1 - unit)


def layer_decay_groups(model, weight_decay=0.0):
    """Parameter groups for a torch or timm optimiser, each with its rate; schedulers of both multiply it."""
    model.group_matcher = lambda coarse=False: {"stem": r"^.*" + STEM, "blocks": r"^.*" + BLOCK}
    groups = param_groups_layer_decay(model, weight_decay=weight_decay, layer_decay=LAYER_DECAY)
    for group in groups:
        group["lr"] = LEARNING_RATE * group.pop("lr_scale")
    applied = {id(parameter): group["lr"] for group in groups for parameter in group["params"]}
    names = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    if sum(len(group["params"]) for group in groups) != len(names):
        raise ValueError("not every parameter is in exactly one group")
    for name, parameter in names.items():
        rate, wanted = applied[id(parameter)], expected_rate(name)
        if abs(rate / wanted - 1) > 1e-6:
            raise ValueError(f"parameter {name} would get the rate {rate:g} and not {wanted:g}: is the model of another depth or kind?")
    return groups


if __name__ == "__main__":
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(sys.argv[1])
    for group in layer_decay_groups(model):
        count = sum(parameter.numel() for parameter in group["params"])
        print(f"lr {group['lr']:.4e}  decay {group['weight_decay']:g}  {len(group['params'])} tensors, {count:,} parameters")
`;
}
