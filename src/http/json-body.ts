import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { AppError } from '../errors.ts';
import { LIMITS } from '../shared/limits.ts';
import type { OperationId } from './access-table.ts';
import { checkShape, cleanTexts, ORDINARY_SHAPE, PLAN_SHAPE, type BodyShape } from './input-checks.ts';
import { invalidInput } from './validate-input.ts';

interface BodyRule {
  readonly bytesMax: number;
  readonly shape: BodyShape;
}

const ORDINARY: BodyRule = { bytesMax: LIMITS.bodyBytesMax, shape: ORDINARY_SHAPE };
const PLAN: BodyRule = { bytesMax: 2 * 1024 * 1024, shape: PLAN_SHAPE };
/** Operations that take the plan of a neighbourhood. */
const LARGE: Partial<Record<OperationId, BodyRule>> = {
  runSetup: PLAN,
  updateCommunity: PLAN,
  replaceBuildings: PLAN,
};

const parsers = new Map<BodyRule, RequestHandler>(
  [ORDINARY, PLAN].map((rule) => [
    rule,
    express.json({
      limit: rule.bytesMax,
      strict: true,
      type: () => true,
      inflate: true,
      verify: refuseOddBytes,
    }),
  ]),
);

/** The parser of an operation's body, with the size this operation may have. */
export function jsonParserOf(operationId: OperationId): RequestHandler {
  const parser = parsers.get(LARGE[operationId] ?? ORDINARY);
  if (parser === undefined) throw new TypeError('every body rule has its parser');
  return parser;
}

/**
 * Refuses a body that is not JSON in UTF-8 before it is read: 415 for another type or charset. A request without a
 * body passes, whatever it says about its type.
 */
export function requireJson(request: IncomingMessage): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody) return;
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
    throw new AppError('unsupported-media-type', 'Send application/json in UTF-8.');
  }
}

/** The parsed body, checked for shape and with its texts cleaned; `{}` when there was none. */
export function checkBody(operationId: OperationId, body: unknown): unknown {
  if (body === undefined) return {};
  checkShape(body, (LARGE[operationId] ?? ORDINARY).shape);
  const cleaned = cleanTexts(body);
  if (cleaned.errors.length > 0) throw invalidInput(cleaned.errors);
  return cleaned.value;
}

function refuseOddBytes(_request: IncomingMessage, _response: unknown, bytes: Buffer): void {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new AppError('malformed-body', 'Send the body without a byte order mark.');
  }
  if (!isUtf8(bytes)) throw new AppError('malformed-body', 'The body is not UTF-8.');
}
