import type { Schema } from 'joi';
import { ACCESS_TABLE, type AccessRow } from './access-table.ts';
import { PROBLEMS } from './problem-details.ts';
import { RATE_LIMITS, type LimitName } from './rate-limits.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document of the route tables. Pure; the same routes give the same document. Schemas come from Joi
 * itself, as JSON Schema 2020-12; the access table stands at each operation as `x-access`.
 */
export function buildOpenApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    const item = (paths[path] ??= {});
    item[route.method] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Linli',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sid', description: 'Set by createSession.' },
      },
      schemas: { Problem: PROBLEM_SCHEMA },
      responses: {
        Problem: {
          description: 'RFC 9457. `code` is stable, `title` and `detail` may change.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

const DESCRIPTION = [
  'A mutual-help board for a neighbourhood. Instants are ISO 8601 in UTC, positions GeoJSON [longitude, latitude],',
  'distances metres. Programs that are not browsers send an `Origin` header equal to the address they call, with',
  'every command. `Idempotency-Key` is optional: the same key with the same body has one effect; with another body',
  'it is 422. Pages hold at most 50 items; give `nextCursor` back as `cursor`. What a person may not see answers',
  '404, what they may see but not do 403, what the present state forbids 409. Signed out, `?community=` with a',
  "community's slug chooses among several.",
].join('\n');

function operationOf(route: Route): Json {
  const row: AccessRow = ACCESS_TABLE[route.operationId];
  const isCommand = route.method !== 'get';
  return {
    operationId: route.operationId,
    summary: route.summary,
    'x-access': { ...row },
    ...(route.limit === undefined ? {} : { 'x-rate-limit': RATE_LIMITS[route.limit as LimitName] }),
    security: row.needs === 'none' ? [{}, { session: [] }] : [{ session: [] }],
    parameters: [
      ...pathParameters(route),
      ...queryParameters(route.query),
      ...(isCommand ? [IDEMPOTENCY_KEY, ORIGIN] : []),
    ],
    ...(isCommand && route.body !== undefined
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: inputSchema(route.body) } },
          },
        }
      : {}),
    responses: {
      [String(route.status)]: successOf(route),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function successOf(route: Route): Json {
  if (route.response === null) return { description: 'Done.' };
  return {
    description: 'Done.',
    content: { 'application/json': { schema: inputSchema(route.response) } },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', pattern: '^[\\w-]{1,64}$' },
};
const ORIGIN = {
  name: 'Origin',
  in: 'header',
  required: false,
  description: 'Browsers send it by themselves; other programs must.',
  schema: { type: 'string' },
};

function pathParameters(route: Route): Json[] {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const properties = propertiesOf(route.params);
  return names.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }));
}

function queryParameters(schema: Schema | undefined): Json[] {
  if (schema === undefined) return [];
  const required = (inputSchema(schema)['required'] ?? []) as string[];
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }));
}

function propertiesOf(schema: Schema | undefined): Record<string, Json> {
  return schema === undefined ? {} : ((inputSchema(schema)['properties'] ?? {}) as Record<string, Json>);
}

interface StandardSchema {
  readonly '~standard': {
    readonly jsonSchema: { input(options: { target: string }): Json };
  };
}

function inputSchema(schema: Schema): Json {
  const { $schema: _dialect, ...rest } = (schema as unknown as StandardSchema)['~standard'].jsonSchema.input({
    target: 'draft-2020-12',
  });
  return rest;
}

const PROBLEM_SCHEMA: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    errors: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
      },
    },
    present: { description: 'The present view, where the state has moved on.' },
  },
};
