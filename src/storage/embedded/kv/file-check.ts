import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { storeError } from '../errors.ts';

/**
 * LMDB maps the file into memory: a page that is missing at its end ends the process without a word.
 * So the length is checked before the file is opened. Source of the layout: lmdb's mdb.c
 * (MDB_page_header, MDB_meta, MDB_db, MDB_node, MDB_ovpage), 64-bit little endian.
 */
const MAGIC = 0xbeefc0de;
const HEADER_BYTES = 24;
const META = { magic: 24, pageSize: 48, trees: 48, lastPage: 144, txnId: 152, end: 168 } as const;
const TREE_BYTES = 48;
const ROOT_AT = 40;
const NO_PAGE = 0xffffffffffffffffn;
const BRANCH = 1;
const LEAF = 2;
const BIG = 1;
const SUBTREE = 2;

/** Throws 301 when the file is no store, or when pages that are in use are missing. Reads only. */
export function checkStoreFile(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return;
    const meta = newestMeta(file, size, path);
    const pageSize = meta.readUInt32LE(META.pageSize);
    const pages = (meta.readBigUInt64LE(META.lastPage) + 1n) * BigInt(pageSize);
    // The last pages may never have been written when they are free; then every page in use is looked at.
    if (BigInt(size) < pages) walkTrees(file, size, meta, pageSize, path);
  } finally {
    closeSync(file);
  }
}

function newestMeta(file: number, size: number, path: string): Buffer {
  const first = readAt(file, 0, META.end);
  if (size < META.end || first.readUInt32LE(META.magic) !== MAGIC) {
    throw storeError(301, `${path} is no store`);
  }
  const pageSize = first.readUInt32LE(META.pageSize);
  if (size < 2 * pageSize) throw truncated(path);
  const second = readAt(file, pageSize, META.end);
  const isNewer = second.readBigUInt64LE(META.txnId) > first.readBigUInt64LE(META.txnId);
  return isNewer ? second : first;
}

function walkTrees(file: number, size: number, meta: Buffer, pageSize: number, path: string): void {
  const waiting: bigint[] = [];
  for (const tree of [0, 1]) waiting.push(meta.readBigUInt64LE(META.trees + tree * TREE_BYTES + ROOT_AT));
  while (waiting.length > 0) {
    const page = waiting.pop()!;
    if (page === NO_PAGE) continue;
    requireWithin(page, 1n, size, pageSize, path);
    visitPage(readAt(file, Number(page) * pageSize, pageSize), waiting, (first, count) =>
      requireWithin(first, count, size, pageSize, path),
    );
  }
}

function visitPage(
  page: Buffer,
  waiting: bigint[],
  useOverflow: (first: bigint, count: bigint) => void,
): void {
  const flags = page.readUInt16LE(18);
  const count = page.readUInt16LE(20) >> 1;
  for (let i = 0; i < count; i++) {
    const node = HEADER_BYTES + page.readUInt16LE(HEADER_BYTES + 2 * i);
    const nodeFlags = page.readUInt16LE(node + 4);
    const data = node + 8 + page.readUInt16LE(node + 6);
    if ((flags & BRANCH) !== 0) waiting.push(BigInt(page.readUInt32LE(node)) | (BigInt(nodeFlags) << 32n));
    else if ((flags & LEAF) !== 0 && (nodeFlags & SUBTREE) !== 0)
      waiting.push(page.readBigUInt64LE(data + ROOT_AT));
    else if ((flags & LEAF) !== 0 && (nodeFlags & BIG) !== 0) {
      useOverflow(page.readBigUInt64LE(data), page.readBigUInt64LE(data + 16));
    }
  }
}

function requireWithin(first: bigint, count: bigint, size: number, pageSize: number, path: string): void {
  if ((first + count) * BigInt(pageSize) > BigInt(size)) throw truncated(path);
}

function truncated(path: string) {
  return storeError(
    301,
    `${path} is cut short: pages that are in use are missing. Restore a backup; nothing was changed`,
  );
}

function readAt(file: number, position: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  readSync(file, out, 0, length, position);
  return out;
}
