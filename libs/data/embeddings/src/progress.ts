/** How far a long computation is and how long it will yet take, at most every two seconds. */

const INTERVAL_MS = 2000;

export type Advance = (texts: number, tokens: number, computed: boolean) => void;

/** Gives the function to call when more is done. Time goes by tokens that were computed and not found. */
export function createProgress(
  total: { readonly texts: number; readonly tokens: number },
  report: (line: string) => void,
  now: () => number = () => performance.now(),
): Advance {
  const begun = now();
  let reported = begun;
  let texts = 0;
  let tokens = 0;
  let computedTokens = 0;
  return (moreTexts, moreTokens, computed) => {
    texts += moreTexts;
    tokens += moreTokens;
    if (computed) computedTokens += moreTokens;
    const time = now();
    const isEnd = texts === total.texts;
    if (!isEnd && time - reported < INTERVAL_MS) return;
    reported = time;
    const left = computedTokens > 0 ? ((total.tokens - tokens) * (time - begun)) / computedTokens / 1000 : 0;
    report(`${texts}/${total.texts} texts${isEnd ? '' : `, ${left.toFixed(0)} s left`}`);
  };
}
