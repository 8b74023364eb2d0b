import { expect } from 'chai';
import { replayRun, type MatchingRun } from '../../src/matching/matching-run.ts';
import type { MatchRunRecord } from '../../src/matches/match-record.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { ask, need } from './request-api.ts';

describe('what is kept of a ranking', () => {
  let app: TestApp;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  after(async () => await app.stop());

  it('recomputes the same list, scores and digest from the store, and notices a changed value', async function () {
    this.timeout(60_000);
    const home = await app.given.community();
    const author = await home.resident();
    for (let at = 0; at < 5; at += 1) await home.volunteer();
    const { id } = await ask(author, need(app));
    await app.house.relay.idle();
    const runs = app.storage.connection.collection<MatchRunRecord>('matchRuns');
    const [kept, ...others] = await runs.find({ requestId: id }).toArray();
    expect(others).to.deep.equal([]);
    if (kept === undefined) throw new Error('nothing was kept');
    const run = JSON.parse(kept.run) as MatchingRun;
    expect(run.ranked.map(({ helperId }) => helperId)).to.deep.equal(
      run.considered.map(({ helperId }) => helperId),
    );
    expect(run.considered).to.have.length(5);
    expect(replayRun(run).kind).to.equal('same');
    const [first, ...rest] = run.considered;
    if (first === undefined) throw new Error('nobody was considered');
    const busier = { ...run, considered: [{ ...first, offersToday: first.maxOffersPerDay }, ...rest] };
    expect(replayRun(busier).kind).to.equal('different');
  });
});
