import { expect } from 'chai';
import { AppError } from '../../src/errors.ts';
import { ACCESS_TABLE, type AccessRow } from '../../src/http/access-table.ts';
import { actingRoles, requireAccess } from '../../src/http/gate.ts';
import type { SignedInUser } from '../../src/http/session-types.ts';
import type { Role } from '../../src/shared/vocabulary.ts';

const NOW = Date.UTC(2026, 10, 24, 4);

interface Persona {
  readonly roles: readonly Role[];
  readonly factors?: readonly string[];
  readonly status?: 'waiting' | 'active' | 'suspended';
  readonly minutesAgo?: number;
}

function user({ roles, factors = ['passphrase'], status = 'active', minutesAgo = 0 }: Persona): SignedInUser {
  const at = NOW - minutesAgo * 60_000;
  return {
    content: {
      key: 'k',
      accountId: 'a',
      communityId: 'c',
      factors: [...factors],
      authenticatedAt: at,
      startedAt: at,
      seenAt: at,
      epoch: 1,
    },
    account: {
      actor: {
        accountId: 'a',
        communityId: 'c',
        roles: actingRoles(roles, factors),
        language: 'en',
        displayName: 'A',
        status,
        trustTier: 0,
        sessionId: 'k',
      },
      allRoles: roles,
      epoch: 1,
    },
  };
}

function answer(row: AccessRow, who: SignedInUser | null): string {
  try {
    requireAccess(row, who, NOW);
    return 'passes';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

const resident = user({ roles: ['resident'] });
const oneFactor = user({ roles: ['resident', 'staff'] });
const staff = user({ roles: ['resident', 'staff'], factors: ['passphrase', 'totp'] });
const director = user({ roles: ['resident', 'staff', 'administrator'], factors: ['passphrase', 'totp'] });

describe('the gate', () => {
  for (const [operation, row] of Object.entries(ACCESS_TABLE) as [string, AccessRow][]) {
    const isOpen = row.relations.includes('anyone');
    const isForStaff = row.relations.every(
      (relation) => relation === 'staff' || relation === 'administrator',
    );

    it(`${isOpen ? 'lets a stranger' : 'asks a stranger to sign in before'} ${operation}`, () => {
      expect(answer(row, null)).to.equal(isOpen ? 'passes' : 'not-signed-in');
    });

    it(`gives ${operation} to suspended and waiting people only where the table says so`, () => {
      const suspended = answer(row, user({ roles: ['resident', 'volunteer'], status: 'suspended' }));
      const waiting = answer(row, user({ roles: ['resident', 'volunteer'], status: 'waiting' }));
      if (row.whileSuspended !== true) expect(suspended).to.equal('not-allowed');
      if (row.whileWaiting !== true) expect(waiting).to.equal('not-allowed');
    });

    if (isForStaff) {
      it(`keeps residents out of ${operation}, and staff until their second factor`, () => {
        expect(answer(row, resident)).to.equal('not-allowed');
        expect(answer(row, oneFactor)).to.equal(
          row.relations.includes('staff') ? 'second-factor-needed' : 'not-allowed',
        );
        expect(answer(row, row.relations.includes('staff') ? staff : director)).to.equal('passes');
      });
    }

    if (row.needs === 'recent') {
      it(`wants a passphrase within the last quarter of an hour for ${operation}`, () => {
        const roles: Role[] = ['resident', 'volunteer'];
        expect(answer(row, user({ roles, minutesAgo: 14 }))).to.equal('passes');
        expect(answer(row, user({ roles, minutesAgo: 15 }))).to.equal('recent-sign-in-needed');
        expect(answer(row, user({ roles, minutesAgo: 60, factors: ['demo'] }))).to.equal('passes');
      });
    }
  }

  it('lets staff be residents while their second factor is missing', () => {
    expect(answer(ACCESS_TABLE.createHelpRequest, oneFactor)).to.equal('passes');
    expect(oneFactor.account?.actor.roles).to.deep.equal(['resident']);
  });
});
