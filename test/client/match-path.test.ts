import { expect } from 'chai';
import { matchPath } from '../../client/src/match-path.ts';

describe('matching a path', () => {
  it('names the parts and does not care about a trailing slash', () => {
    expect(matchPath('/r/:id', '/r/abc')).to.deep.equal({ id: 'abc' });
    expect(matchPath('/r/:id', '/r/abc/')).to.deep.equal({ id: 'abc' });
    expect(matchPath('/', '/')).to.deep.equal({});
    expect(matchPath('/t/:id', '/t/%E6%9D%8F')).to.deep.equal({ id: '杏' });
  });

  it('fits whole paths only', () => {
    expect(matchPath('/r/:id', '/r')).to.equal(null);
    expect(matchPath('/r/:id', '/r/a/edit')).to.equal(null);
    expect(matchPath('/me', '/ME')).to.equal(null);
    expect(matchPath('/r/:id', '/r/%E6%9')).to.equal(null);
  });
});
