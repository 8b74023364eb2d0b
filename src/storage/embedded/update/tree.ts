import { createWriter } from '../bson/build.ts';
import type { DocumentWriter } from '../bson/build.ts';
import { arrayIndexOf } from '../bson/path.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsAt } from '../bson/walk.ts';

/**
 * A document while it is being changed: only the objects and arrays on the way to a change are opened
 * into entries, everything else stays the bytes it was.
 */
export interface TreeNode {
  readonly type: number;
  readonly value: RawValue | undefined;
  entries: TreeEntry[] | undefined;
}

export interface TreeEntry {
  /** Empty for the elements of an array, which are named by their place. */
  readonly name: string;
  node: TreeNode;
}

/** A node that still is its bytes. */
export function leafOf(value: RawValue): TreeNode {
  return { type: value.type, value, entries: undefined };
}

/** A new empty object. */
export function emptyObject(): TreeNode {
  return { type: 0x03, value: undefined, entries: [] };
}

/** The root of a document. */
export function treeOf(raw: RawDocument): TreeNode {
  return leafOf({ type: 0x03, bytes: raw, start: 0, end: raw.length });
}

/** The entries of an object or array, opened on first use; undefined for a scalar. */
export function entriesOf(node: TreeNode): TreeEntry[] | undefined {
  if (node.entries || (node.type !== 0x03 && node.type !== 0x04)) return node.entries;
  const isArray = node.type === 0x04;
  node.entries = [];
  for (const { name, value } of elementsAt(node.value!.bytes, node.value!.start)) {
    node.entries.push({ name: isArray ? '' : name, node: leafOf(value) });
  }
  return node.entries;
}

/** Place of a child in `entriesOf(node)`, or -1; for an array the name must be a plain decimal within it. */
export function placeOf(node: TreeNode, name: string): number {
  const entries = entriesOf(node) ?? [];
  if (node.type !== 0x04) return entries.findIndex((entry) => entry.name === name);
  const index = arrayIndexOf(name);
  return index < entries.length ? index : -1;
}

function writeEntries(writer: DocumentWriter, node: TreeNode): void {
  let index = 0;
  for (const { name, node: child } of node.entries!) {
    const written = node.type === 0x04 ? String(index++) : name;
    if (!child.entries) {
      writer.value(written, child.value!);
      continue;
    }
    writer.open(written, child.type as 0x03 | 0x04);
    writeEntries(writer, child);
    writer.close();
  }
}

/** The node as a value. */
export function valueOfNode(node: TreeNode): RawValue {
  if (!node.entries) return node.value!;
  const writer = createWriter();
  writeEntries(writer, node);
  const bytes = writer.finish();
  return { type: node.type, bytes, start: 0, end: bytes.length };
}
