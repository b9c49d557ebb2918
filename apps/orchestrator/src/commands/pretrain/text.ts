/** What `layerwise pretrain` prints of an encoder that it trained, or that lay there. */

interface Pretrained {
  readonly steps: number;
  readonly tokens: number;
  /** Nats a masked token, of text that was not trained on. */
  readonly heldOutLoss: number;
  /** 0 to 1. */
  readonly heldOutAccuracy: number;
  /** Null without a teacher. */
  readonly heldOutCosine: number | null;
  /** Nats a token, by word frequencies alone. */
  readonly unigramEntropy: number;
  readonly seconds: number;
  readonly out: string;
  readonly reused: boolean;
}

export function pretrainText(result: Pretrained): string {
  return [
    ...(result.reused ? ['This encoder was trained before; --fresh trains it again.'] : []),
    `${result.steps} steps, ${(result.tokens / 1e6).toFixed(1)} million tokens, ${result.seconds.toFixed(0)} s`,
    `  loss of masked tokens of held-out text    ${result.heldOutLoss.toFixed(3)} nats (word frequencies alone: ${result.unigramEntropy.toFixed(3)})`,
    `  share of them that is told                ${(100 * result.heldOutAccuracy).toFixed(1)} %`,
    ...(result.heldOutCosine === null
      ? []
      : [`  cosine to the teacher's vectors of held-out sentences ${result.heldOutCosine.toFixed(3)}`]),
    `The encoder is in ${result.out}.`,
  ].join('\n');
}
