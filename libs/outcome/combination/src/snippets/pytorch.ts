/**
 * A distribution as a Python module that makes parameter groups for a PyTorch optimiser, each with a learning
 * rate of its own (scaling gradients would do nothing under Adam). Every parameter must fall into exactly one
 * group and no group may be empty, or the module raises; it prints the rates that an optimiser applies. The
 * other snippets import or mirror it.
 */
import { parameterGroups } from './parameter-patterns.js';
import { pythonFloat, pythonString } from './python-text.js';
import type { GroupedRates } from './rates-at-depth.js';

/**
 * @param prefix what the names of the encoder's parameters begin with in a model that holds the encoder under
 * a name of its own (`model.bert`); undefined: the model's `base_model_prefix`, as Hugging Face's have it
 */
export function pytorchSnippet(grouped: GroupedRates, prefix?: string): string {
  const groups = parameterGroups(grouped).map(
    ({ name, rate, pattern }) =>
      `    (${pythonString(name)}, ${pythonFloat(rate)}, ${pythonString(pattern)}),`,
  );
  const of = grouped.layers === null ? 'an encoder' : `a BERT of ${grouped.layers} layers`;
  return `"""Learning rates of the layer groups of ${of}, written by \`layerwise combine\`.

    optimizer = torch.optim.AdamW(parameter_groups(model, weight_decay=0.01))
    print_rates(optimizer)

Each group has a rate of its own; a schedule (torch.optim.lr_scheduler.LambdaLR and others) multiplies each of them.
Raises ValueError unless every parameter falls into exactly one group and every group holds one.
\`python parameter_groups.py MODEL\` prints the rates for a Hugging Face model.
"""

import re
import sys

# Name, learning rate, regular expression on the parameter's name without the model's prefix ("bert.").
GROUPS = [
${groups.join('\n')}
]


def bare_name(model, name):
    """The parameter's name without what wrappers and the model with its head put before it."""
    prefix = ${prefixSource(prefix)}
    wrappers = r"^(?:module\\.|_orig_mod\\.)*"
    return re.sub(wrappers + (rf"(?:{re.escape(prefix)}\\.)?" if prefix else ""), "", name)


def parameters_by_group(model):
    """A list for each of GROUPS: (name, parameter) of all that fall into it, frozen ones too."""
    held = [[] for _ in GROUPS]
    for name, parameter in model.named_parameters():
        found = [i for i, (_, _, pattern) in enumerate(GROUPS) if re.search(pattern, bare_name(model, name))]
        if len(found) != 1:
            names = ", ".join(GROUPS[i][0] for i in found) or "none"
            raise ValueError(f"parameter {name} must fall into exactly one layer group, but falls into: {names}")
        held[found[0]].append((name, parameter))
    empty = [group for (group, _, _), own in zip(GROUPS, held) if not own]
    if empty:
        raise ValueError(f"no parameter falls into the layer group(s) {', '.join(empty)}: is the model of another depth or kind?")
    return held


def parameter_groups(model, weight_decay=0.0):
    """Parameter groups for a torch optimiser; biases and layer norms are not decayed, frozen parameters left out."""
    groups = []
    for (name, rate, _), held in zip(GROUPS, parameters_by_group(model)):
        trained = [parameter for _, parameter in held if parameter.requires_grad]
        for decay, own in (
            (weight_decay, [parameter for parameter in trained if parameter.ndim > 1]),
            (0.0, [parameter for parameter in trained if parameter.ndim <= 1]),
        ):
            if own:
                groups.append({"name": name, "params": own, "lr": rate, "weight_decay": decay})
    return groups


def print_rates(optimizer, file=sys.stdout):
    """The rates that the optimiser applies now: under a warm-up schedule, call it before the schedule is made."""
    for group in optimizer.param_groups:
        count = sum(parameter.numel() for parameter in group["params"])
        print(f"{group['name']:<16} lr {group['lr']:.4e}  decay {group['weight_decay']:g}  {len(group['params'])} tensors, {count:,} parameters", file=file)


if __name__ == "__main__":
    import torch
    from transformers import AutoModelForSequenceClassification

    print_rates(torch.optim.AdamW(parameter_groups(AutoModelForSequenceClassification.from_pretrained(sys.argv[1]))))
`;
}

/** A dot at the end is one that the snippet adds by itself. */
function prefixSource(prefix: string | undefined): string {
  return prefix === undefined
    ? 'getattr(getattr(model, "module", model), "base_model_prefix", "")'
    : pythonString(prefix.replace(/\.+$/, ''));
}
