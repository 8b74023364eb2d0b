import { expect } from 'chai';
import { ok } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

interface Operation {
  operationId: string;
  summary: string;
  'x-access': object;
  parameters: { name: string; in: string; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } };
}

describe('GET /openapi.json', () => {
  let app: TestApp;
  let document: Document;
  before(async () => {
    app = await startTestApp();
    document = (await ok(app.newClient().get('/openapi.json'), 200)).body as Document;
  });
  after(async () => {
    await app.stop();
  });
  const operations = (): [string, string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(
        ([method, operation]) => [path, method, operation] as [string, string, Operation],
      ),
    );

  it('describes exactly the mounted routes, each once', () => {
    const described = operations().map(
      ([path, method, { operationId }]) => `${operationId} ${method} ${path}`,
    );
    const mounted = app.house.routes.map(
      ({ operationId, method, path }) => `${operationId} ${method} /api${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    expect(described.sort()).to.deep.equal(mounted.sort());
    expect(document.openapi).to.equal('3.1.0');
  });

  it('gives every operation a summary, its row of the access table, its answer and the problems', () => {
    for (const [path, method, operation] of operations()) {
      const name = `${method} ${path}`;
      expect(operation.summary, name).to.match(/^\S.{4,}\.$/s);
      expect(operation['x-access'], name).to.have.property('needs');
      const success = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
      expect(success, name).to.have.length(1);
      const [status = ''] = success;
      const schema = operation.responses[status]?.content?.['application/json']?.schema;
      if (status !== '204') expect(Object.keys(schema ?? {}), name).to.not.have.length(0);
      expect(operation.responses, name).to.have.property('default');
    }
  });

  it('names every path parameter that its path holds, and no other', () => {
    for (const [path, , { parameters }] of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(
        parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
        path,
      ).to.deep.equal(inPath);
    }
  });

  it('refers to nothing that it does not hold', () => {
    const text = JSON.stringify(document);
    for (const [, reference = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const target = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
      expect(target, reference).to.be.an('object');
    }
  });

  it('says that programs send Origin, and how commands are repeated', () => {
    expect(document.info.description).to.contain('Origin').and.contain('Idempotency-Key');
    for (const [path, method, { parameters }] of operations()) {
      if (method !== 'get')
        expect(
          parameters.map(({ name }) => name),
          path,
        ).to.include.members(['Idempotency-Key', 'Origin']);
    }
  });

  it('lists problem codes that each have a page of their own', async () => {
    for (const code of document.components.schemas.Problem.properties.code.enum) {
      expect((await ok(app.newClient().get(`/problems/${code}`), 200)).body).to.include({ code });
    }
    expect((await app.newClient().get('/problems/toString')).status).to.equal(404);
  });
});
