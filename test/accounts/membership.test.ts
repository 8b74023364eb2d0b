import { expect } from 'chai';
import type {
  AccountListItem,
  NotificationView,
  Page,
  ProblemView,
  SessionView,
} from '../../src/shared/api-types.ts';
import { ok, PASSPHRASE, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';
const WEEK = 7 * 24 * 60 * 60_000;

describe('people of the community', () => {
  let app: TestApp;
  let town: TestCommunity;
  let staff: TestPerson;
  let resident: TestPerson;
  before(async () => {
    app = await startTestApp();
    town = await app.given.community();
    staff = await town.staff();
    resident = await town.resident();
  });
  after(async () => {
    await app.stop();
  });
  const codeOf = (answer: { body: unknown }): string => (answer.body as ProblemView).code;
  const itemsOf = (answer: { body: unknown }): AccountListItem[] =>
    (answer.body as Page<AccountListItem>).items;
  const kindsTold = async (person: TestPerson): Promise<string[]> => {
    await app.house.relay.idle();
    return ((await ok(person.get('/notifications?after=0'), 200)).body as Page<NotificationView>).items.map(
      ({ kind }) => kind,
    );
  };

  describe('POST /accounts/:id/approve', () => {
    it('lets a waiting person in and tells both sides', async () => {
      const amina = await town.resident({ waiting: true });
      expect(await kindsTold(staff)).to.include('account_waiting');
      const answer = await ok(staff.post(`/accounts/${amina.accountId}/approve`, { trustTier: 1 }), 200);
      expect(answer.body).to.include({ id: amina.accountId, status: 'active', trustTier: 1 });
      expect(await kindsTold(amina)).to.deep.equal(['account_approved']);
    });
    it('of somebody who is in already is 409 with the present state', async () => {
      const answer = await staff.post(`/accounts/${resident.accountId}/approve`, {});
      expect(answer.status).to.equal(409);
      expect((answer.body as ProblemView).present).to.deep.equal({ status: 'active' });
    });
    it('sent again with the same key has one effect, with another body it is refused', async () => {
      const amina = await town.resident({ waiting: true });
      const send = (body: object) =>
        staff.post(`/accounts/${amina.accountId}/approve`, body, { key: 'approve-1' });
      await ok(send({}), 200);
      await ok(send({}), 200);
      expect(codeOf(await send({ trustTier: 3 }))).to.equal('idempotency-key-reused');
      expect(await kindsTold(amina)).to.deep.equal(['account_approved']);
    });
    it('decides about a waiting helper as well: role, tier and checked skills', async () => {
      const bruno = await town.volunteer({ skills: ['repair', 'carrying'], trustTier: 2, onDuty: false });
      const [row] = itemsOf(await ok(staff.get('/accounts?role=volunteer'), 200)).filter(
        ({ id }) => id === bruno.accountId,
      );
      expect(row).to.include({ trustTier: 2, asksToVolunteer: false });
      expect(row?.skills.every(({ verified }) => verified)).to.equal(true);
      expect(((await bruno.get('/session')).body as SessionView).account.roles).to.include('volunteer');
    });
    it('of somebody who lives elsewhere is 404, as if there were nobody', async () => {
      const elsewhere = await (await app.given.community()).resident({ waiting: true });
      for (const id of [elsewhere.accountId, NOBODY]) {
        const answer = await staff.post(`/accounts/${id}/approve`, {});
        expect([answer.status, codeOf(answer)]).to.deep.equal([404, 'not-found']);
      }
    });
    it('is not for residents, not for strangers, and wants known fields', async () => {
      expect((await resident.post(`/accounts/${staff.accountId}/approve`, {})).status).to.equal(403);
      expect((await town.stranger().post(`/accounts/${staff.accountId}/approve`, {})).status).to.equal(401);
      expect((await staff.post(`/accounts/${resident.accountId}/approve`, { trustTier: 9 })).status).to.equal(
        422,
      );
    });
  });

  describe('POST /accounts/:id/refuse', () => {
    it('ends the waiting person’s session and their sign-in', async () => {
      const amina = await town.resident({ waiting: true });
      await ok(staff.post(`/accounts/${amina.accountId}/refuse`, { note: 'not from here' }), 200);
      expect((await amina.get('/session')).body).to.equal(null);
      const again = await amina.post('/session', {
        signInName: amina.signInName,
        passphrase: PASSPHRASE,
        community: town.community.slug,
      });
      expect(again.status).to.equal(401);
    });
    it('of an active person is 409', async () => {
      expect((await staff.post(`/accounts/${resident.accountId}/refuse`)).status).to.equal(409);
    });
  });

  describe('POST /accounts/:id/suspend', () => {
    it('ends every session and socket at once; the person may sign in to read their own affairs and nothing else', async () => {
      const amina = await town.resident();
      const socket = amina.socket();
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      const gone = new Promise((resolve) => socket.once('disconnect', resolve));
      const row = await ok(
        staff.post(`/accounts/${amina.accountId}/suspend`, { note: ' Rude at the door ' }),
        200,
      );
      expect(row.body).to.include({ status: 'suspended', decisionNote: 'Rude at the door' });
      await gone;
      expect((await amina.get('/me')).status).to.equal(401);
      await ok(
        amina.post('/session', {
          signInName: amina.signInName,
          passphrase: PASSPHRASE,
          community: town.community.slug,
        }),
        201,
      );
      const reads = async (): Promise<string | null> =>
        ((await ok(amina.get('/session'), 200)).body as SessionView).account.decisionNote;
      expect(await reads(), 'the person reads why').to.equal('Rude at the door');
      await ok(amina.get('/me'), 200);
      await ok(amina.get('/community'), 200);
      expect((await amina.put('/me/helper-profile', {})).status).to.equal(403);
      await ok(staff.post(`/accounts/${amina.accountId}/restore`), 200);
      expect((await amina.put('/me/helper-profile', {})).status).to.equal(422);
      expect(await reads()).to.equal(null);
    });
    it('twice is 409; of oneself or of an administrator by staff it is refused', async () => {
      const amina = await town.resident();
      await ok(staff.post(`/accounts/${amina.accountId}/suspend`), 200);
      expect((await staff.post(`/accounts/${amina.accountId}/suspend`)).status).to.equal(409);
      expect(codeOf(await staff.post(`/accounts/${staff.accountId}/suspend`))).to.equal(
        'party-may-not-decide',
      );
      expect(codeOf(await staff.post(`/accounts/${town.administrator.accountId}/suspend`))).to.equal(
        'not-allowed',
      );
    });
  });

  describe('PUT /accounts/:id/roles', () => {
    it('takes the staff’s desk away at once', async () => {
      const clerk = await town.staff();
      await ok(clerk.get('/accounts'), 200);
      await ok(town.administrator.put(`/accounts/${clerk.accountId}/roles`, { roles: ['resident'] }), 200);
      expect((await clerk.get('/accounts')).status).to.equal(401);
    });
    it('is for administrators, and always leaves the role of a resident', async () => {
      expect(
        (await staff.put(`/accounts/${resident.accountId}/roles`, { roles: ['staff'] })).status,
      ).to.equal(403);
      const answer = await ok(
        town.administrator.put(`/accounts/${resident.accountId}/roles`, { roles: [] }),
        200,
      );
      expect((answer.body as AccountListItem).roles).to.deep.equal(['resident']);
      expect(
        (await town.administrator.put(`/accounts/${resident.accountId}/roles`, { roles: ['king'] })).status,
      ).to.equal(422);
      expect(
        codeOf(
          await town.administrator.put(`/accounts/${town.administrator.accountId}/roles`, { roles: [] }),
        ),
      ).to.equal('party-may-not-decide');
    });
  });

  describe('GET /accounts', () => {
    it('comes in pages that hold everybody once, and tells no name of sign-in, phone or door', async () => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const answer: { body: unknown; text: string } = await ok(
          staff.get(`/accounts?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`),
          200,
        );
        seen.push(...itemsOf(answer).map(({ id }) => id));
        expect(answer.text)
          .to.not.contain(resident.phone)
          .and.not.contain(resident.door)
          .and.not.contain(resident.signInName);
        cursor = (answer.body as Page<AccountListItem>).nextCursor;
      } while (cursor !== null);
      expect(new Set(seen).size).to.equal(seen.length);
      expect(seen).to.include.members([resident.accountId, staff.accountId, town.administrator.accountId]);
    });
    it('can show who waits, and who asks to volunteer', async () => {
      const waiting = await town.resident({ waiting: true });
      expect(itemsOf(await staff.get('/accounts?status=waiting')).map(({ id }) => id)).to.include(
        waiting.accountId,
      );
      const asks = await town.resident();
      await ok(
        asks.put('/me/helper-profile', {
          skills: [{ skillId: 'shopping', level: 1 }],
          weekly: [],
          radiusMetres: 500,
          maxTasks: 1,
          maxOffersPerDay: 3,
          languages: ['en'],
          quietHours: null,
          breaksQuietHoursForCritical: false,
          kindsNotDone: [],
          gender: null,
          automaticRanking: true,
          version: 0,
        }),
        200,
      );
      const rows = itemsOf(await ok(staff.get('/accounts?asksToVolunteer=true'), 200));
      expect(rows.map(({ id }) => id)).to.include(asks.accountId);
      expect(rows.every(({ asksToVolunteer }) => asksToVolunteer)).to.equal(true);
    });
  });

  describe('POST /invitations', () => {
    const signUp = (code: string, name: string) =>
      app.newClient().post(`/accounts?community=${town.community.slug}`, {
        displayName: name,
        signInName: name,
        passphrase: PASSPHRASE,
        language: 'en',
        invitationCode: code,
      });

    it('lets one person in at once, and only one', async () => {
      const { code } = (await ok(staff.post('/invitations'), 201)).body as { code: string };
      const first = await ok(signUp(code.toLowerCase().replaceAll('-', ' '), 'invited-one'), 201);
      expect((first.body as SessionView).account.status).to.equal('active');
      const second = await signUp(code, 'invited-two');
      expect(second.status).to.equal(422);
      expect((second.body as ProblemView).errors?.[0]?.pointer).to.equal('/invitationCode');
    });
    it('of two who use it at the same moment lets one in', async () => {
      const { code } = (await ok(staff.post('/invitations'), 201)).body as { code: string };
      const answers = await Promise.all(
        ['racer-a', 'racer-b', 'racer-c'].map(async (name) => await signUp(code, name)),
      );
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 422, 422]);
    });
    it('is not used up by a sign-up that fails', async () => {
      const { code } = (await ok(staff.post('/invitations'), 201)).body as { code: string };
      expect((await signUp(code, 'invited-one')).status).to.equal(409);
      await ok(signUp(code, 'invited-three'), 201);
    });
    it('lasts seven days', async () => {
      const { code, expiresAt } = (await ok(staff.post('/invitations'), 201)).body as {
        code: string;
        expiresAt: string;
      };
      expect(Date.parse(expiresAt) - app.clock.now().getTime()).to.equal(WEEK);
      const now = app.clock.now();
      app.clock.advance(WEEK);
      const late = await signUp(code, 'too-late');
      app.clock.set(now);
      expect(late.status).to.equal(422);
    });
    it('is the same code when the command is repeated, and is kept as a digest only', async () => {
      const codes = [
        await ok(staff.post('/invitations', {}, { key: 'invite-1' }), 201),
        await ok(staff.post('/invitations', {}, { key: 'invite-1' }), 201),
      ].map(({ body }) => (body as { code: string }).code);
      expect(codes[0]).to.equal(codes[1]);
      const stored = JSON.stringify(
        await app.storage.connection.collection('invitations').find({}).toArray(),
      );
      expect(stored).to.not.contain(codes[0]).and.not.contain(codes[0]?.replaceAll('-', ''));
    });
    it('is for staff', async () => {
      expect((await (await town.resident()).post('/invitations')).status).to.equal(403);
      expect((await town.stranger().post('/invitations')).status).to.equal(401);
    });
  });
});
