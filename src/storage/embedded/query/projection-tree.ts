import { createWriter } from '../bson/build.ts';
import type { DocumentWriter } from '../bson/build.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { Expression } from './nodes.ts';

/** Changes a field's value in its place; undefined leaves the field out. */
export type Reshape = (value: RawValue, root: RawDocument) => RawValue | undefined;

/** What a projection does with one field. */
export type FieldNode =
  | { readonly kind: 'include' }
  | { readonly kind: 'exclude' }
  | { readonly kind: 'computed'; readonly evaluate: Expression }
  | { readonly kind: 'reshape'; readonly reshape: Reshape }
  | BranchNode;

export interface BranchNode {
  readonly kind: 'branch';
  readonly children: Map<string, FieldNode>;
  hasComputed: boolean;
}

/** Whether fields that are not named are dropped or kept; `add` also computes existing fields in their place. */
export type ProjectionMode = 'inclusion' | 'exclusion' | 'add';

export function createBranch(): BranchNode {
  return { kind: 'branch', children: new Map(), hasComputed: false };
}

/** Puts a field node at a dotted path; error 31250 when another node is there, above or below. */
export function plant(root: BranchNode, path: string, node: FieldNode): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  if (last === '' || parts.includes('')) {
    throw storeError(40353, `FieldPath must not end with or contain an empty part: '${path}'`);
  }
  let branch = root;
  branch.hasComputed ||= node.kind === 'computed';
  for (const part of parts) {
    let child = branch.children.get(part);
    if (!child) branch.children.set(part, (child = createBranch()));
    if (child.kind !== 'branch')
      throw storeError(31249, `Path collision at ${path} remaining portion ${last}`);
    branch = child;
    branch.hasComputed ||= node.kind === 'computed';
  }
  if (branch.children.has(last)) throw storeError(31250, `Path collision at ${path}`);
  branch.children.set(last, node);
}

/**
 * Applies a projection tree. Kept fields stay in the document's order; computed fields that do not exist
 * yet follow in the order of the specification. Branches go into arrays, also nested ones: an inclusion
 * drops their scalars, an exclusion keeps them, `add` replaces them by an object.
 */
export function projectDocument(doc: RawDocument, tree: BranchNode, mode: ProjectionMode): RawDocument {
  const writer = createWriter();
  writeObject(writer, { type: 0x03, bytes: doc, start: 0, end: doc.length }, tree, mode, doc);
  return writer.finish();
}

function writeObject(
  writer: DocumentWriter,
  object: RawValue | undefined,
  branch: BranchNode,
  mode: ProjectionMode,
  root: RawDocument,
): void {
  const done = new Set<string>();
  for (const { name, value } of object ? elementsOf(object) : []) {
    const node = branch.children.get(name);
    if (!node) {
      if (mode !== 'inclusion') writer.value(name, value);
    } else if (node.kind === 'branch') {
      if (writeBranch(writer, name, value, node, mode, root)) done.add(name);
    } else if (node.kind === 'include') writer.value(name, value);
    else if (node.kind === 'reshape') writeOptional(writer, name, node.reshape(value, root));
    else if (node.kind === 'computed' && mode === 'add') {
      writeOptional(writer, name, node.evaluate(root));
      done.add(name);
    }
  }
  if (branch.hasComputed) writeComputed(writer, branch, mode, root, done);
}

function writeOptional(writer: DocumentWriter, name: string, value: RawValue | undefined): void {
  if (value) writer.value(name, value);
}

function writeComputed(
  writer: DocumentWriter,
  branch: BranchNode,
  mode: ProjectionMode,
  root: RawDocument,
  done: ReadonlySet<string>,
): void {
  for (const [name, node] of branch.children) {
    if (done.has(name)) continue;
    if (node.kind === 'computed') writeOptional(writer, name, node.evaluate(root));
    else if (node.kind === 'branch' && node.hasComputed) {
      writer.open(name, 0x03);
      writeObject(writer, undefined, node, mode, root);
      writer.close();
    }
  }
}

/** Writes a field below which the projection goes on; false when there was nothing to write. */
function writeBranch(
  writer: DocumentWriter,
  name: string,
  value: RawValue,
  node: BranchNode,
  mode: ProjectionMode,
  root: RawDocument,
): boolean {
  if (value.type === 0x03) {
    writer.open(name, 0x03);
    writeObject(writer, value, node, mode, root);
    writer.close();
  } else if (value.type === 0x04) {
    writer.open(name, 0x04);
    let index = 0;
    for (const element of elementsOf(value)) {
      if (writeBranch(writer, String(index), element.value, node, mode, root)) index++;
    }
    writer.close();
  } else if (mode === 'exclusion') writer.value(name, value);
  else if (mode === 'add') {
    writer.open(name, 0x03);
    writeObject(writer, undefined, node, mode, root);
    writer.close();
  } else return false;
  return true;
}
