import type { RawDocument, RawValue } from '../bson/types.ts';

/** A regular expression as stored (MongoDB's pattern and options) and as it is run. */
export interface RegexPattern {
  readonly pattern: string;
  readonly options: string;
  readonly run: RegExp;
}

export type Position = readonly [longitude: number, latitude: number];

export type GeoShape =
  | { readonly kind: 'circle'; readonly centre: Position; readonly metres: number }
  | { readonly kind: 'box'; readonly low: Position; readonly high: Position }
  | { readonly kind: 'flatCircle'; readonly centre: Position; readonly degrees: number };

export interface NearNode {
  readonly op: 'near';
  readonly path: string;
  readonly centre: Position;
  readonly minMetres?: number;
  readonly maxMetres?: number;
  readonly spherical: boolean;
}

/** A value computed from a document by an aggregation expression; undefined = missing. */
export type Expression = (doc: RawDocument) => RawValue | undefined;

/**
 * A parsed filter. In the child of an `elemMatch` with `onValues` (and of nothing else) the path is ''
 * and means the element itself; in the child of any other elemMatch paths start inside the element.
 */
export type FilterNode =
  | { readonly op: 'and' | 'or' | 'nor'; readonly children: readonly FilterNode[] }
  | {
      readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'ne';
      readonly path: string;
      readonly value: RawValue;
    }
  | {
      readonly op: 'in' | 'nin';
      readonly path: string;
      readonly values: readonly RawValue[];
      readonly regexes: readonly RegexPattern[];
    }
  | { readonly op: 'not'; readonly path: string; readonly child: FilterNode }
  | { readonly op: 'exists'; readonly path: string; readonly exists: boolean }
  | { readonly op: 'type'; readonly path: string; readonly types: ReadonlySet<number> }
  | { readonly op: 'regex'; readonly path: string; readonly regex: RegexPattern }
  | { readonly op: 'size'; readonly path: string; readonly size: number }
  | { readonly op: 'mod'; readonly path: string; readonly divisor: bigint; readonly remainder: bigint }
  | {
      readonly op: 'elemMatch';
      readonly path: string;
      readonly child: FilterNode;
      readonly onValues: boolean;
    }
  | NearNode
  | { readonly op: 'geoWithin'; readonly path: string; readonly shape: GeoShape }
  | { readonly op: 'expr'; readonly expression: Expression }
  | { readonly op: 'always'; readonly value: boolean };

export interface FilterOptions {
  /** The command's `let`: expressions without fields, evaluated once. */
  readonly variables?: RawDocument | undefined;
  /** Clock of `$$NOW`. */
  readonly now?: Date | undefined;
  /** Source of `$rand`, numbers in [0, 1); without it the operator is refused. */
  readonly random?: (() => number) | undefined;
}
