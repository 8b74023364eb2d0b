import type { Actor, Clock, NewId } from '../actor.ts';
import type { VisitDetails } from '../shared/api-types.ts';
import type { AccessLogStore } from './access-log-store.ts';
import type { RequestMover } from './request-mover.ts';
import { VISIT_FIELDS, type HelpRequestRecord, type TimelineEntry } from './request-types.ts';
import type { VisitVault } from './visit-vault.ts';

export interface RequestRevealDeps {
  readonly accessLog: Pick<AccessLogStore, 'add'>;
  readonly visits: Pick<VisitVault, 'open'>;
  readonly mover: Pick<RequestMover, 'move'>;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface RevealOrder {
  readonly actor: Actor;
  readonly request: HelpRequestRecord;
  readonly readerRole: 'helper' | 'staff';
  readonly role: TimelineEntry['actor'];
  readonly purpose: string | null;
  /** Asked again on the request as it is when the log has been written. */
  readonly check: (request: HelpRequestRecord) => void;
}

/** Shows door and phone to somebody whom the policy has let through. */
export interface RequestReveal {
  /** Written into the log, told to the person, and only then opened; if the log cannot be written, nothing is shown. */
  read(order: RevealOrder): Promise<VisitDetails>;
}

export function createRequestReveal(deps: RequestRevealDeps): RequestReveal {
  return {
    async read({ actor, request, readerRole, role, purpose, check }) {
      await deps.accessLog.add({
        _id: deps.newId(),
        communityId: request.communityId,
        requestId: request._id,
        ownerId: request.beneficiaryId,
        readerId: actor.accountId,
        readerRole,
        fields: VISIT_FIELDS.filter((field) => request.visit[field] !== undefined),
        purpose,
        at: deps.clock.now(),
      });
      await deps.mover.move({
        communityId: request.communityId,
        requestId: request._id,
        actorId: actor.accountId,
        actorRole: role,
        check,
        command: () => ({ name: 'note_reveal', readerRole }),
      });
      return await deps.visits.open(request);
    },
  };
}
