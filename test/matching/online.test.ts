import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { MatchingInputError } from '../../src/matching/matching-error.ts';
import { parseGoma, parseOnlineCsv } from '../../src/matching/online-instance.ts';
import { greedyOnArrival, inTrueTime, offlineOptimum } from '../../src/matching/online-policies.ts';
import { inBatches, lookAhead } from '../../src/matching/online-waiting.ts';
import { seededRandom } from '../../src/matching/seeded-hash.ts';

const FIXTURE = new URL('../fixtures/goma-gmission/data_00.txt', import.meta.url);

describe('the GOMA gMission data of Tong et al.', function () {
  this.timeout(60_000);
  const instance = parseGoma(readFileSync(FIXTURE, 'utf8'));
  const optimum = offlineOptimum(instance);

  it('has the published optimum, with a proof', () => {
    expect(optimum.value).to.be.closeTo(1878.4316, 5e-5);
    expect(optimum.gap).to.be.within(0, 1 - 1e-9);
  });

  it('gives their greedy value in the order of the file', () => {
    expect(greedyOnArrival(instance).value).to.be.closeTo(1777.0399, 5e-5);
  });

  it('is served to 96.9 % of the optimum by waiting, better than greedy in true time', () => {
    const waiting = lookAhead(instance).value;
    expect(waiting / optimum.value).to.be.at.least(0.969);
    expect(waiting).to.be.above(greedyOnArrival(instance, inTrueTime(instance)).value);
    expect(inBatches(instance, 30).value).to.be.at.most(optimum.value);
  });
});

describe('two-sided online instances', function () {
  this.timeout(60_000);
  it('never beat the optimum and reach it when everybody is there at once', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const instance = parseOnlineCsv(randomCsv(seed));
        const optimum = offlineOptimum(instance).value;
        for (const value of [
          greedyOnArrival(instance).value,
          lookAhead(instance).value,
          inBatches(instance, 3).value,
        ]) {
          expect(value).to.be.at.most(optimum + 1e-6);
        }
      }),
      { numRuns: 60 },
    );
    const together = parseOnlineCsv(
      'side,id,arrival,departure,x,y,radius,capacity,weight\n' +
        'helper,a,0,10,0,0,5,2,1\nhelper,b,0,10,3,0,5,,1\n' +
        'request,r,0,10,0,1,,,5\nrequest,s,1,10,1,0,,,4\nrequest,t,2,10,2,0,,,3\nrequest,u,3,10,40,0,,,9\n',
    );
    expect(offlineOptimum(together)).to.include({ pairs: 3, value: 12 });
    expect(lookAhead(together)).to.deep.equal({ pairs: 3, value: 12 });
  });

  it('names line and column of a bad file', () => {
    const header = 'side,id,arrival,departure,x,y,radius,capacity,weight';
    const cases: readonly (readonly [string, string])[] = [
      ['helper,a,0,x,0,0,1,1,1', 'line 2, departure'],
      ['helper,a,5,4,0,0,1,1,1', 'line 2, departure'],
      ['dog,a,0,1,0,0,1,1,1', 'line 2, side'],
      ['helper,a,0,1,0,0,-1,1,1', 'line 2, radius'],
      ['helper,a,0,1,0,0,1,1.5,1', 'line 2, capacity'],
      ['helper,a,0,1,0,0,1,1,1\nhelper,a,0,1,0,0,1,1,1', 'line 3, id'],
    ];
    for (const [line, field] of cases) {
      expect(() => parseOnlineCsv(`${header}\n${line}\n`))
        .to.throw(MatchingInputError)
        .with.property('field', field);
    }
    expect(() => parseOnlineCsv('side,id\n'))
      .to.throw(MatchingInputError)
      .with.property('field', 'header');
    expect(() => parseGoma('1 1 0 0\n0 w 1 2 3\n'))
      .to.throw(MatchingInputError)
      .with.property('field', 'line 2');
  });
});

function randomCsv(seed: number): string {
  const random = seededRandom(seed);
  const rows = ['id,side,arrival,departure,x,y,radius,capacity,weight'];
  for (let at = 0; at < 40; at += 1) {
    const arrival = Math.floor(random() * 20);
    const isHelper = random() < 0.5;
    rows.push(
      [
        at,
        isHelper ? 'helper' : 'request',
        arrival,
        arrival + Math.floor(random() * 8),
        Math.floor(random() * 20),
        Math.floor(random() * 20),
        isHelper && random() < 0.9 ? 1 + Math.floor(random() * 10) : '',
        isHelper ? Math.floor(random() * 3) : '',
        random() < 0.3 ? '' : Math.floor(random() * 9) / 4,
      ].join(','),
    );
  }
  return rows.join('\n');
}
