/**
 * A distribution for Hugging Face's Trainer: a subclass that makes its optimiser of the groups of
 * `pytorch.ts`.
 */

export function trainerSnippet(): string {
  return `"""A Hugging Face Trainer with the learning rates of parameter_groups.py (beside this file), written by \`layerwise combine\`.

    trainer = LayerwiseTrainer(model=model, args=TrainingArguments(...), train_dataset=...)
    trainer.train()

The rates of the groups take the place of \`learning_rate\`; the schedule of the arguments multiplies each of them. Betas, epsilon
and weight decay are the arguments'. With a plain Trainer: \`optimizers=(layerwise_optimizer(model, args), None)\`.
\`python huggingface_trainer.py MODEL\` prints the rates that are applied.
"""

import sys

import torch
from transformers import Trainer

from parameter_groups import parameter_groups, print_rates


def layerwise_optimizer(model, args):
    """AdamW with a learning rate a layer group."""
    return torch.optim.AdamW(
        parameter_groups(model, weight_decay=args.weight_decay),
        betas=(args.adam_beta1, args.adam_beta2),
        eps=args.adam_epsilon,
    )


class LayerwiseTrainer(Trainer):
    def create_optimizer(self, *args, **kwargs):
        if self.optimizer is None:
            self.optimizer = layerwise_optimizer(self.model, self.args)
            print_rates(self.optimizer, file=sys.stderr)
        return self.optimizer


if __name__ == "__main__":
    import tempfile

    from transformers import AutoModelForSequenceClassification, TrainingArguments

    with tempfile.TemporaryDirectory() as folder:
        model = AutoModelForSequenceClassification.from_pretrained(sys.argv[1])
        print_rates(LayerwiseTrainer(model=model, args=TrainingArguments(output_dir=folder, report_to=[])).create_optimizer())
`;
}
