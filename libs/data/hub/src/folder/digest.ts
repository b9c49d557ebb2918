/**
 * The two digests by which the hub names content: sha256 for files in large-file storage, and git's blob sha1
 * (of `blob <bytes>\0` and the content) for the small ones that lie in git itself.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface Digest {
  kind: 'sha256' | 'git-sha1';
  /** Lower case. */
  hex: string;
}

/** Tells the kind by the length; null for anything else, such as the etag of some other server. */
export function parseDigest(text: string | null | undefined): Digest | null {
  const hex = text?.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
  if (hex === undefined || !/^[0-9a-f]+$/.test(hex)) return null;
  if (hex.length === 64) return { kind: 'sha256', hex };
  return hex.length === 40 ? { kind: 'git-sha1', hex } : null;
}

export const sameDigest = (a: Digest, b: Digest): boolean => a.kind === b.kind && a.hex === b.hex;

export interface FileContent {
  bytes: number;
  sha256: string;
  /** Whether the content has the digest that was asked for; true when none was. */
  matches: boolean;
}

/** Reads a file once, through one buffer, and compares it. Errors: those of the file system. */
export async function fileContent(path: string, expected: Digest | null): Promise<FileContent> {
  const file = await open(path, 'r');
  try {
    const { size: bytes } = await file.stat();
    const sha256 = createHash('sha256');
    const git = expected?.kind === 'git-sha1' ? createHash('sha1').update(`blob ${bytes}\0`) : null;
    const buffer = Buffer.allocUnsafe(2 ** 20);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      const part = buffer.subarray(0, bytesRead);
      sha256.update(part);
      git?.update(part);
    }
    const hex = sha256.digest('hex');
    const found = git === null ? hex : git.digest('hex');
    return { bytes, sha256: hex, matches: expected === null || found === expected.hex };
  } finally {
    await file.close();
  }
}
