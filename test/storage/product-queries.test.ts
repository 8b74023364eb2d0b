import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'bson';
import { expect } from 'chai';
import { compilePipeline } from '../../src/storage/embedded/aggregate/pipeline.ts';
import { COMMANDS } from '../../src/storage/embedded/command/table.ts';
import { compileFilter } from '../../src/storage/embedded/query/match.ts';
import { compileUpdate } from '../../src/storage/embedded/update/update.ts';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));
/** Keys with a dollar that are JSON Schema's, not MongoDB's. */
const OTHER_LANGUAGES = new Set(['$ref', '$schema', '$defs', '$id', '$dynamicRef', '$anchor']);
/** They stand inside `$push` and `$regex` only. */
const MODIFIERS = new Set(['$each', '$slice', '$position', '$sort', '$options']);

/** Every `$name:` in the code of the features, and every command sent by name, with the file it stands in. */
function usedBy(text: string): { operators: string[]; commands: string[] } {
  return {
    operators: [...text.matchAll(/(?<![\w$])['"]?(\$[a-zA-Z]+)['"]?\s*:/g)].map((found) => found[1]!),
    commands: [...text.matchAll(/\.command\(\s*\{\s*['"]?([a-zA-Z]+)['"]?\s*:/g)].map((found) => found[1]!),
  };
}

function errorOf(work: () => unknown): { code?: number; message: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as { code?: number; message: string };
  }
}

/** Whether the store knows the name as an operator of queries, updates or expressions, or as a stage. */
function isKnown(name: string): boolean {
  const options = {
    variables: undefined,
    now: new Date(0),
    random: () => 0,
    source: { collection: (): never => expect.fail('nothing is read') },
  };
  const inField = errorOf(() => compileFilter(serialize({ a: { [name]: 1 } })));
  const atTop = errorOf(() => compileFilter(serialize({ [name]: [] })));
  const update = errorOf(() => compileUpdate(serialize({ [name]: { a: 1 } })));
  const stage = errorOf(() => compilePipeline([serialize({ [name]: {} })], options));
  const expression = errorOf(() =>
    compilePipeline([serialize({ $project: { x: { [name]: [] } } })], options),
  );
  return (
    MODIFIERS.has(name) ||
    !/unknown operator/i.test(inField?.message ?? '') ||
    !/unknown top level operator/i.test(atTop?.message ?? '') ||
    !/unknown modifier/i.test(update?.message ?? '') ||
    stage?.code !== 40324 ||
    expression?.code !== 168
  );
}

describe('the code of the features and the tables of the embedded store', () => {
  const files = readdirSync(SOURCES, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts') && !file.startsWith(join('storage', 'embedded')));

  it('asks for no operator and no stage that the store would refuse', () => {
    const used = new Set<string>();
    for (const file of files) {
      const { operators } = usedBy(readFileSync(join(SOURCES, file), 'utf8'));
      for (const name of operators.filter((one) => !OTHER_LANGUAGES.has(one))) {
        used.add(name);
        expect(isKnown(name), `${name} in ${file}`).to.equal(true);
      }
    }
    expect([...used]).to.include.members(['$set', '$group', '$elemMatch', '$sum']);
  });

  it('sends no command that the store would refuse', () => {
    for (const file of files) {
      const { commands } = usedBy(readFileSync(join(SOURCES, file), 'utf8'));
      for (const name of commands) expect(COMMANDS.has(name), `${name} in ${file}`).to.equal(true);
    }
  });

  it('would be told of what is refused', () => {
    for (const name of ['$where', '$text', '$facet', '$out', '$function', '$bucket', '$nonsense']) {
      const { operators } = usedBy(`x.find({ ${name}: 1 })`);
      expect(operators).to.deep.equal([name]);
      expect(isKnown(name), name).to.equal(false);
    }
    expect(usedBy("await db.command({ mapReduce: 'x' })").commands).to.deep.equal(['mapReduce']);
    expect(COMMANDS.has('mapReduce')).to.equal(false);
  });
});
