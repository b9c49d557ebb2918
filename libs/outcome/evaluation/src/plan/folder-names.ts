/**
 * The folders of pairs, below an evaluation's: readable, and another one for each pair. A pair's name stands
 * as it is, its arrow as a hyphen, wherever it can be told from that; else digits of its digest follow. Hence
 * `SST-2 → MRPC` is `SST-2-MRPC`, and `SST → 2-MRPC` is `SST-2-MRPC~` and eight digits.
 */
import { digestOf } from '@layerwise/artifacts';

const ARROW = ' → ';
/** With the digits, well below what file systems let a name have. */
const MOST_BYTES = 180;
/** Letters that need no more than this many bytes, however many each takes. */
const MOST_LETTERS = 40;

/** @param pair `ORIGINAL → SHIFTED` */
export function pairFolderName(pair: string): string {
  const plain = formerFolderName(pair);
  if (isTold(pair, plain)) return plain;
  const short =
    Buffer.byteLength(plain) > MOST_BYTES ? Array.from(plain).slice(0, MOST_LETTERS).join('') : plain;
  return `${short}~${digestOf(pair).slice(0, 8)}`;
}

/** As versions named it that let two pairs share a folder. */
export function formerFolderName(pair: string): string {
  return pair.replaceAll(ARROW, '-').replace(/[^\p{L}\p{N}._-]+/gu, '-');
}

/** Whether no other pair has this name: its last hyphen is the arrow, and nothing else was replaced. */
function isTold(pair: string, plain: string): boolean {
  const last = plain.lastIndexOf('-');
  const isArrow = `${plain.slice(0, last)}${ARROW}${plain.slice(last + 1)}` === pair;
  // Some disks take a letter and its accent for the letter that has it.
  return isArrow && plain === plain.normalize('NFC') && Buffer.byteLength(plain) <= MOST_BYTES;
}
