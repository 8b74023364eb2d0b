import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  createDataKeyStore,
  type DataKeyRecord,
  type DataKeyStore,
} from '../../src/privacy/data-key-store.ts';
import { loadKeys, type Keys } from '../../src/privacy/keys.ts';
import { UnreadableField } from '../../src/privacy/sealed-field.ts';
import { createVault, type Vault } from '../../src/privacy/vault.ts';
import { silentLogger } from '../../src/logger.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';

const clock = { now: () => new Date('2026-11-24T04:00:00Z') };
const place = { collection: 'accounts', id: 'p1', field: 'door' };

describe('the vault', () => {
  let directory: string;
  let storage: Storage;
  let keys: Keys;
  let dataKeys: DataKeyStore;
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'linli-vault-'));
    keys = await loadKeys(path.join(directory, 'keys'));
    storage = await openStorage({
      mongodbUri: null,
      dataDir: path.join(directory, 'store'),
      logger: silentLogger,
    });
    dataKeys = createDataKeyStore(storage.connection);
  });
  after(async () => {
    await storage.close();
    await rm(directory, { recursive: true });
  });
  const vaultOf = (some: Keys = keys): Vault => createVault({ keys: some, dataKeys, clock });

  async function failure(work: Promise<unknown>): Promise<unknown> {
    try {
      await work;
    } catch (error) {
      return error;
    }
    return undefined;
  }

  it('opens for the owner what was sealed for the owner, after a restart as well', async () => {
    const sealed = await vaultOf().seal('amina', place, '5-2-301 ئىشىك');
    expect(await vaultOf().open('amina', place, sealed)).to.equal('5-2-301 ئىشىك');
  });

  it('opens nothing with another person’s key', async () => {
    const vault = vaultOf();
    const sealed = await vault.seal('amina', place, 'x');
    await vault.seal('bruno', place, 'y');
    expect(await failure(vault.open('bruno', place, sealed))).to.be.instanceOf(UnreadableField);
  });

  it('makes one key for a person, though many fields are sealed at once on many nodes', async () => {
    const vaults = [vaultOf(), vaultOf(), vaultOf()];
    const sealed = await Promise.all(
      Array.from(
        { length: 30 },
        async (_, n) => await (vaults[n % 3] as Vault).seal('chen', { ...place, id: String(n) }, String(n)),
      ),
    );
    expect(new Set(sealed.map(({ kid }) => kid)).size).to.equal(1);
    for (const [n, field] of sealed.entries()) {
      expect(await vaultOf().open('chen', { ...place, id: String(n) }, field)).to.equal(String(n));
    }
  });

  it('keeps data keys wrapped: the store alone opens nothing', async () => {
    await vaultOf().seal('dilnur', place, 'x');
    const record = (await dataKeys.read('dilnur')) as DataKeyRecord;
    const otherKeys = { ...keys, master: [{ kid: keys.master[0]?.kid ?? '', key: Buffer.alloc(32, 1) }] };
    const sealed = await vaultOf().seal('dilnur', place, 'x');
    expect(await failure(vaultOf(otherKeys).open('dilnur', place, sealed))).to.be.instanceOf(UnreadableField);
    expect(record.wrapped.ct).to.have.length.greaterThan(40);
  });

  it('goes on reading after a new master key was put on top', async () => {
    const sealed = await vaultOf().seal('elif', place, 'x');
    const rotated = { ...keys, master: [{ kid: 'new', key: Buffer.alloc(32, 9) }, ...keys.master] };
    expect(await vaultOf(rotated).open('elif', place, sealed)).to.equal('x');
    expect((await vaultOf(rotated).seal('fresh', place, 'y')).v).to.equal(1);
    expect((await dataKeys.read('fresh'))?.wrapped.kid).to.equal('new');
  });

  it('forgets a person for good', async () => {
    const vault = vaultOf();
    const sealed = await vault.seal('gone', place, 'x');
    await vault.forget('gone');
    expect(String(await failure(vault.open('gone', place, sealed)))).to.contain('erased');
    const later = await vault.seal('gone', place, 'new life');
    expect(await vault.open('gone', place, later)).to.equal('new life');
    expect(await failure(vault.open('gone', place, sealed))).to.be.instanceOf(UnreadableField);
  });

  it('finds a phone again in any spelling, and tells nobody which it is', () => {
    const vault = vaultOf();
    expect(vault.phoneLookup('139 9988 1234')).to.equal(vault.phoneLookup('+8613999881234'));
    expect(vault.phoneLookup('139 9988 1235')).to.not.equal(vault.phoneLookup('+8613999881234'));
    expect(vault.phoneLookup('grandmother')).to.equal(null);
    expect(vault.digest('a', 'x')).to.not.equal(vault.digest('b', 'x'));
    const other = createVault({ keys: { ...keys, lookup: Buffer.alloc(32, 3) }, dataKeys, clock });
    expect(other.phoneLookup('13999881234')).to.not.equal(vault.phoneLookup('13999881234'));
  });
});
