import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NamedKey } from './sealed-field.ts';

/** The keys of an installation. In each list the first is used for new things, the others still read old ones. */
export interface Keys {
  /** Wrap the data key of each person. */
  readonly master: readonly NamedKey[];
  /** Keyed digests: phone look-up, households, command bodies. Never rotated, because look-ups depend on it. */
  readonly lookup: Buffer;
  /** Sign session cookies. */
  readonly session: readonly string[];
}

const FILES = ['master.keys', 'lookup.key', 'session.keys'] as const;
type KeyFile = (typeof FILES)[number];

/**
 * Loads the keys, making each file that is missing on first start (directory 0700, files 0600, created whole or
 * not at all even when two processes start together). A file is lines of `name base64-of-32-bytes`; to rotate, put a
 * new line on top. Throws with the file's name when others can read it or when a line is not a key; prints no key.
 */
export async function loadKeys(keyDir: string): Promise<Keys> {
  await mkdir(keyDir, { recursive: true, mode: 0o700 });
  const [master, lookup, session] = await Promise.all(
    FILES.map(async (file) => await readOrMake(keyDir, file)),
  );
  if (master === undefined || session === undefined) throw new Error('key files are missing');
  const lookupKey = lookup?.[0];
  if (lookupKey === undefined) throw new Error('lookup.key is empty');
  return {
    master,
    lookup: lookupKey.key,
    session: session.map((key) => key.key.toString('base64url')),
  };
}

async function readOrMake(keyDir: string, name: KeyFile): Promise<NamedKey[]> {
  const file = path.join(keyDir, name);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFile(file);
    text = await readFile(file, 'utf8');
  }
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(
      `The key file ${name} can be read by other users. Run: chmod 600 on it, then start again.`,
    );
  }
  const keys = parseKeys(name, text);
  if (keys.length === 0) throw new Error(`The key file ${name} holds no key.`);
  return keys;
}

/** Writes beside and links into place: the file appears whole, and a file made meanwhile by another process wins. */
async function makeFile(file: string): Promise<void> {
  const kid = randomBytes(4).toString('hex');
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(beside, `${kid} ${randomBytes(32).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  await chmod(beside, 0o600);
  try {
    await link(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(beside);
  }
}

function parseKeys(name: string, text: string): NamedKey[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const [kid, encoded] = line.trim().split(/\s+/);
    const key = Buffer.from(encoded ?? '', 'base64');
    if (kid === undefined || key.length !== 32) {
      throw new Error(
        `Line ${String(index + 1)} of the key file ${name} is not a name and 32 bytes in base64.`,
      );
    }
    return { kid, key };
  });
}
