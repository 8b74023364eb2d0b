import type { Actor, Clock } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { DeliveryView, Page } from '../shared/api-types.ts';
import type { CallOutcome } from '../shared/vocabulary.ts';
import type { DeliveryStatus, NotificationRecord } from './notification-model.ts';
import { presentDelivery } from './notification-presenter.ts';
import type { NotificationStore } from './notification-store.ts';

export interface CallListDeps {
  readonly store: Pick<NotificationStore, 'callList' | 'call' | 'settleCall'>;
  readonly names: (
    communityId: string,
    accountIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
}

export interface CallQuery {
  readonly cursor?: string;
  readonly limit: number;
  /** Calls still to make, or those that were made or are no longer needed; both by default. */
  readonly state?: 'open' | 'done';
}

/** Whom staff ring, and what became of it. */
export interface CallList {
  /** Newest first. `cursor` is the `nextCursor` of the page before. */
  listCalls(actor: Actor, query: CallQuery): Promise<Page<DeliveryView>>;
  /**
   * Writes down who rang and when: `told` takes the call off the list of those to make, `no_answer` leaves it there,
   * `not_yet` puts it back. The same person's repetition changes nothing. Throws `not-found`, and `state-changed` when
   * a colleague has told the person already.
   */
  recordCall(actor: Actor, deliveryId: string, outcome: CallOutcome): Promise<DeliveryView>;
}

const STATES: Readonly<Record<'open' | 'done', readonly DeliveryStatus[]>> = {
  open: ['queued', 'failed'],
  done: ['sent', 'seen'],
};
const OUTCOMES: Readonly<Record<CallOutcome, { to: DeliveryStatus; from: readonly DeliveryStatus[] }>> = {
  told: { to: 'sent', from: ['queued', 'failed'] },
  no_answer: { to: 'failed', from: ['queued', 'failed'] },
  not_yet: { to: 'queued', from: ['failed', 'sent'] },
};

export function createCallList({ store, names, clock }: CallListDeps): CallList {
  async function present(
    communityId: string,
    records: readonly NotificationRecord[],
  ): Promise<DeliveryView[]> {
    const ids = records.flatMap(({ recipientId, deliveries }) => [
      recipientId,
      ...(deliveries.staff_call_list?.by === undefined ? [] : [deliveries.staff_call_list.by]),
    ]);
    const nameOf = await names(communityId, [...new Set(ids)]);
    return records.flatMap((record) => presentDelivery(record, 'staff_call_list', nameOf) ?? []);
  }

  async function presentOne(communityId: string, record: NotificationRecord | null): Promise<DeliveryView> {
    const [view] = record === null ? [] : await present(communityId, [record]);
    if (view === undefined) throw new AppError('not-found', 'There is no such call.');
    return view;
  }

  return {
    async listCalls({ communityId }, { cursor, limit, state }) {
      const statuses = state === undefined ? null : STATES[state];
      const records = await store.callList(communityId, statuses, cursor ?? null, limit + 1);
      const page = records.slice(0, limit);
      const last = page.at(-1);
      return {
        items: await present(communityId, page),
        nextCursor: records.length > limit && last ? last._id : null,
      };
    },
    async recordCall({ communityId, accountId }, deliveryId, outcome) {
      const [id = ''] = deliveryId.split('.');
      const { to, from } = OUTCOMES[outcome];
      const by = outcome === 'not_yet' ? {} : { by: accountId };
      const settled = await store.settleCall(communityId, id, from, { status: to, at: clock.now(), ...by });
      if (settled !== null) return await presentOne(communityId, settled);
      const present = await store.call(communityId, id);
      const call = present?.deliveries.staff_call_list;
      const isSame = call?.status === to && (call.by === undefined || call.by === accountId);
      if (call === undefined || isSame) return await presentOne(communityId, present);
      throw new AppError('state-changed', 'Somebody has told this person meanwhile.', {
        present: await presentOne(communityId, present),
      });
    },
  };
}
