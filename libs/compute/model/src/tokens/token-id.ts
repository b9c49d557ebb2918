/** Ids of tokens: columns of them are Int32Arrays. */
import { z } from 'zod';

const MOST = 2 ** 31 - 1;

export const isTokenId = (id: unknown): id is number =>
  Number.isInteger(id) && Number(id) >= 0 && Number(id) <= MOST;

export const tokenId = z.custom<number>(isTokenId, 'expected a token id, a whole number below 2^31');
