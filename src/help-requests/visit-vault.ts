import type { SealedField, SealedPlace } from '../privacy/sealed-field.ts';
import type { VisitDetails } from '../shared/api-types.ts';
import { VISIT_FIELDS, type HelpRequestRecord, type VisitField } from './request-types.ts';

export interface VisitVaultDeps {
  readonly vault: {
    seal(ownerAccountId: string, place: SealedPlace, text: string): Promise<SealedField>;
    open(ownerAccountId: string, place: SealedPlace, sealed: SealedField): Promise<string>;
  };
}

/**
 * Door, phone, contact and notes of a request, sealed with the key of the person who is helped: erasing that key
 * makes them unreadable here and in every backup. `open` is the one function that reads an exact door.
 */
export interface VisitVault {
  seal(ownerId: string, requestId: string, visit: VisitDetails): Promise<HelpRequestRecord['visit']>;
  open(request: Pick<HelpRequestRecord, '_id' | 'beneficiaryId' | 'visit'>): Promise<VisitDetails>;
}

export function createVisitVault({ vault }: VisitVaultDeps): VisitVault {
  const placeOf = (id: string, field: VisitField): SealedPlace => ({ collection: 'helpRequests', id, field });
  return {
    async seal(ownerId, requestId, visit) {
      const sealed: Partial<Record<VisitField, SealedField>> = {};
      for (const field of VISIT_FIELDS) {
        if (visit[field] !== '')
          sealed[field] = await vault.seal(ownerId, placeOf(requestId, field), visit[field]);
      }
      return sealed;
    },
    async open({ _id, beneficiaryId, visit }) {
      const opened: VisitDetails = { door: '', phone: '', contactName: '', notes: '' };
      for (const field of VISIT_FIELDS) {
        const sealed = visit[field];
        if (sealed !== undefined)
          opened[field] = await vault.open(beneficiaryId, placeOf(_id, field), sealed);
      }
      return opened;
    },
  };
}
