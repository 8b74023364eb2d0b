import { BSON, isNumeric, type RawDocument, type RawValue, TYPE_NAMES } from '../bson/types.ts';
import { doubleAt, elements, elementsOf, int32At, longAt, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';

/** A command as received: its fields by name, not decoded further. The readers throw 14 on a wrong type. */
export interface CommandRequest {
  /** The first field's name. */
  readonly name: string;
  readonly database: string;
  readonly body: RawDocument;
  readonly fields: ReadonlyMap<string, RawValue>;
  has(field: string): boolean;
  string(field: string): string | undefined;
  /** Any BSON number; fractions are cut off. */
  integer(field: string): number | undefined;
  long(field: string): bigint | undefined;
  boolean(field: string): boolean;
  document(field: string): RawDocument | undefined;
  /** An array of documents, or the document sequence of that name, whose documents are not checked yet. */
  documents(field: string): readonly RawDocument[] | undefined;
  value(field: string): RawValue | undefined;
}

/** Reads the top level of a command. `database` comes from `$db`, or from the namespace of OP_QUERY. */
export function readCommand(
  body: RawDocument,
  sequences: ReadonlyMap<string, readonly RawDocument[]>,
  queryDatabase?: string,
): CommandRequest {
  const fields = new Map<string, RawValue>();
  let name = '';
  for (const element of elements(body)) {
    if (name === '') name = element.name;
    if (fields.has(element.name)) {
      throw storeError(40413, `BSON field '${name}.${element.name}' is a duplicate field`);
    }
    fields.set(element.name, element.value);
  }
  const $db = fields.get('$db');
  const database = $db === undefined ? queryDatabase : readString($db, name, '$db');
  if (database === undefined)
    throw storeError(40414, `BSON field '${name}.$db' is missing but a required field`);
  return { name, database, body, fields, ...fieldReaders(name, fields, sequences) };
}

function fieldReaders(
  command: string,
  fields: ReadonlyMap<string, RawValue>,
  sequences: ReadonlyMap<string, readonly RawDocument[]>,
) {
  const given = (field: string) => {
    const value = fields.get(field);
    return value === undefined || value.type === BSON.null || value.type === BSON.undefined
      ? undefined
      : value;
  };
  return {
    has: (field: string) => given(field) !== undefined || sequences.has(field),
    value: given,
    string(field: string) {
      const value = given(field);
      return value === undefined ? undefined : readString(value, command, field);
    },
    integer(field: string) {
      const value = given(field);
      return value === undefined ? undefined : Math.trunc(readNumber(value, command, field));
    },
    long(field: string) {
      const value = given(field);
      if (value === undefined) return undefined;
      if (value.type === BSON.long) return longAt(value.bytes, value.start);
      return BigInt(Math.trunc(readNumber(value, command, field)));
    },
    boolean(field: string) {
      const value = given(field);
      return value === undefined ? false : readBoolean(value, command, field);
    },
    document(field: string) {
      const value = given(field);
      if (value === undefined) return undefined;
      if (value.type !== BSON.object) throw wrongType(command, field, value.type, 'object');
      return subdocument(value);
    },
    documents(field: string) {
      const sequence = sequences.get(field);
      if (sequence !== undefined) return sequence;
      const value = given(field);
      return value === undefined ? undefined : readDocuments(value, command, field);
    },
  };
}

/** A BSON number as a double; Decimal128 is not accepted where commands want numbers. */
export function readNumber(value: RawValue, command: string, field: string): number {
  if (value.type === BSON.int32) return int32At(value.bytes, value.start);
  if (value.type === BSON.double) return doubleAt(value.bytes, value.start);
  if (value.type === BSON.long) return Number(longAt(value.bytes, value.start));
  throw wrongType(command, field, value.type, 'number');
}

export function readString(value: RawValue, command: string, field: string): string {
  if (value.type !== BSON.string) throw wrongType(command, field, value.type, 'string');
  return stringOf(value);
}

/** A bool, or a number as MongoDB's own clients send it. */
export function readBoolean(value: RawValue, command: string, field: string): boolean {
  if (value.type === BSON.bool) return value.bytes[value.start] === 1;
  if (isNumeric(value.type)) return readNumber(value, command, field) !== 0;
  throw wrongType(command, field, value.type, 'bool');
}

export function readDocuments(value: RawValue, command: string, field: string): RawDocument[] {
  if (value.type !== BSON.array) throw wrongType(command, field, value.type, 'array');
  const out: RawDocument[] = [];
  for (const element of elementsOf(value)) {
    if (element.value.type !== BSON.object) {
      throw wrongType(command, `${field}.${element.name}`, element.value.type, 'object');
    }
    out.push(subdocument(element.value));
  }
  return out;
}

function wrongType(command: string, field: string, type: number, wanted: string) {
  return storeError(
    14,
    `BSON field '${command}.${field}' is the wrong type '${TYPE_NAMES[type] ?? type}', expected type '${wanted}'`,
  );
}
