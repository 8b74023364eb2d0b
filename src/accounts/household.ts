import type { Vault } from '../privacy/vault.ts';

/**
 * The same for all who live behind one door, null when no door is known. A keyed digest of the door in one spelling:
 * the engine can keep two of one household apart and nobody can read the door out of it.
 */
export function householdOf(
  vault: Pick<Vault, 'digest'>,
  communityId: string,
  buildingId: string | null,
  door: string | null,
): string | null {
  const plain = (door ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  const spelling = plain.replaceAll(/^-+|-+$/g, '');
  if (buildingId === null || spelling === '') return null;
  return vault.digest('household', JSON.stringify([communityId, buildingId, spelling]));
}
