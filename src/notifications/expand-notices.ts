import type { Notice, OutboxEvent } from '../domain-events.ts';
import type { NotificationKind } from '../shared/vocabulary.ts';

/** A sentence for exactly one person, not yet numbered. */
export interface NotificationDraft {
  readonly recipientId: string;
  readonly eventId: string;
  readonly kind: NotificationKind;
  readonly link: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly silent: boolean;
  readonly urgent: boolean;
  /** Said to everybody at the desk, not to this person by name. */
  readonly toStaff: boolean;
}

/** Whether the event speaks to the staff of the community, so that the caller must know who they are. */
export function addressesStaff(event: OutboxEvent): boolean {
  return event.notices.some((notice) => 'role' in notice.to);
}

/**
 * One draft per person and kind, in the order of the notices, then of the recipients as given. A person who
 * is named twice for one kind (by id and as staff) is told once: the first wins, as the unique index would
 * have it. Pure.
 */
export function expandNotices(event: OutboxEvent, staffIds: readonly string[]): NotificationDraft[] {
  const drafts = new Map<string, NotificationDraft>();
  for (const notice of event.notices) {
    for (const recipientId of recipientsOf(notice, staffIds)) {
      const once = `${recipientId} ${notice.kind}`;
      if (drafts.has(once)) continue;
      drafts.set(once, {
        recipientId,
        eventId: event.id,
        kind: notice.kind,
        link: notice.link,
        params: notice.params,
        silent: notice.silent ?? false,
        urgent: notice.urgent ?? false,
        toStaff: 'role' in notice.to,
      });
    }
  }
  return [...drafts.values()];
}

function recipientsOf(notice: Notice, staffIds: readonly string[]): readonly string[] {
  return 'role' in notice.to ? staffIds : notice.to.accountIds;
}
