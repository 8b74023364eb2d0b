import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Helper, MatchRequest } from '../../src/matching/match-types.ts';
import { SCORE_WEIGHTS } from '../../src/matching/score-weights.ts';
import { freeShare, fairTurnShare, promiseShare } from '../../src/matching/score-parts.ts';
import { startPostgis } from './postgis-server.ts';

/** Mean microseconds per query, measured by a loop inside the server. */
export interface PostgisTiming {
  readonly version: string;
  readonly nearest: number;
  readonly topByScore: number;
  readonly toggle: number;
}

/**
 * Measures PostGIS with its best plan, a partial btree_gist index on (skill, place) over available rows, one row
 * per helper and skill; tables of its own are made and dropped. Returns why not when it is missing.
 */
export async function measurePostgis(
  helpers: readonly Helper[],
  requests: readonly MatchRequest[],
): Promise<PostgisTiming | string> {
  const server = await startPostgis();
  if (typeof server === 'string') return server;
  Object.assign(connection, server.env);
  const folder = mkdtempSync(join(tmpdir(), 'bench-postgis-data-'));
  try {
    psql('CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist;');
    const version = psql('SELECT postgis_lib_version();').trim().split('\n')[0]!;
    load(helpers, requests, folder);
    const [nearest, topByScore, toggle] = ['nearest', 'score', 'toggle'].map((name) => timeLoop(name));
    psql('DROP TABLE IF EXISTS bench_helper, bench_query;');
    return { version, nearest: nearest!, topByScore: topByScore!, toggle: toggle! };
  } catch (error) {
    const lines = error instanceof Error ? error.message.split('\n') : [String(error)];
    return `PostGIS did not answer (${(lines[1] ?? lines[0] ?? '').trim()})`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    server.stop();
  }
}

/** Leads psql to the server. */
const connection: Record<string, string> = {};

function load(helpers: readonly Helper[], requests: readonly MatchRequest[], folder: string): void {
  const { points } = SCORE_WEIGHTS;
  const rows = helpers.flatMap((one, no) =>
    one.skills.map((skill) => {
      const own =
        points.free * freeShare(one) +
        points.keepsPromises * promiseShare(one.history, true) +
        points.fairTurn * fairTurnShare(one.history, true);
      return [no, skill.skillId, one.point[0], one.point[1], own, one.isOnDuty].join('\t');
    }),
  );
  const queries = requests.map((one, no) =>
    [no, one.requiredSkills[0]!.skillId, one.point[0], one.point[1]].join('\t'),
  );
  writeFileSync(join(folder, 'helpers.tsv'), `${rows.join('\n')}\n`);
  writeFileSync(join(folder, 'queries.tsv'), `${queries.join('\n')}\n`);
  psql(`
    DROP TABLE IF EXISTS bench_helper, bench_query;
    CREATE TABLE bench_helper (id int, skill text, lon float8, lat float8, own float8, available bool);
    CREATE TABLE bench_query (id int, skill text, lon float8, lat float8);
    \\copy bench_helper FROM '${join(folder, 'helpers.tsv')}'
    \\copy bench_query FROM '${join(folder, 'queries.tsv')}'
    ALTER TABLE bench_helper ADD place geometry(Point, 32645);
    ALTER TABLE bench_query ADD place geometry(Point, 32645);
    UPDATE bench_helper SET place = ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 32645);
    UPDATE bench_query SET place = ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 32645);
    CREATE INDEX ON bench_helper USING gist (skill, place) WHERE available;
    CREATE INDEX ON bench_helper (id);
    VACUUM ANALYZE bench_helper;`);
}

const BODIES: Readonly<Record<string, string>> = {
  nearest: `PERFORM id FROM bench_helper WHERE available AND skill = q.skill AND ST_DWithin(place, q.place, 5000)
    ORDER BY place <-> q.place LIMIT 20;`,
  score: `PERFORM id FROM bench_helper WHERE available AND skill = q.skill AND ST_DWithin(place, q.place, 5000)
    ORDER BY ${SCORE_WEIGHTS.points.near} * exp(-ST_Distance(place, q.place) / 2000) + own DESC LIMIT 20;`,
  toggle: 'UPDATE bench_helper SET available = NOT available WHERE id = q.id;',
};

function timeLoop(name: string): number {
  const out = psql(`DO $$
    DECLARE q record; began timestamptz; total int := 0;
    BEGIN
      FOR round IN 1..2 LOOP
        began := clock_timestamp(); total := 0;
        FOR q IN SELECT * FROM bench_query LIMIT 500 LOOP ${BODIES[name]!} total := total + 1; END LOOP;
      END LOOP;
      RAISE NOTICE 'us %', extract(epoch FROM clock_timestamp() - began) * 1e6 / total;
    END $$;`);
  return Number(/us ([\d.]+)/.exec(out)?.[1] ?? NaN);
}

/** Output and notices of one psql run; throws its errors. */
function psql(sql: string): string {
  const result = spawnSync('psql', ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
    input: sql.replaceAll(/^ +\\copy/gm, '\\copy'),
    encoding: 'utf8',
    env: { ...process.env, ...connection },
    maxBuffer: 1 << 28,
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(`psql\n${result.stderr}`);
  return result.stdout + result.stderr;
}
