import type { Notice, OutboxEvent } from '../domain-events.ts';
import type { NewId } from '../actor.ts';
import type { NotificationKind, RequestStatus, TimelineType } from '../shared/vocabulary.ts';
import type { Clockwork } from './request-times.ts';
import type { Follow, HelpRequestRecord, TimelineEntry, Timer } from './request-types.ts';

/** Who moves it, when, and where new ids come from. Everything a move needs besides the request itself. */
export interface MoveContext extends Clockwork {
  readonly newId: NewId;
  /** Null: the clock or the engine. */
  readonly actorId: string | null;
  readonly actorRole: TimelineEntry['actor'];
}

/** What one kind of move changes, before timers and the next action are worked out. */
export interface Effect {
  /** Absent: the state stays. */
  readonly to?: RequestStatus;
  readonly set: Partial<HelpRequestRecord>;
  readonly timeline?: readonly {
    readonly type: TimelineType;
    readonly params?: Record<string, string | number>;
  }[];
  readonly notices?: readonly Notice[];
  readonly follow?: Partial<Follow>;
  /** Replaces the timers of the search; absent: they stay while the search goes on. */
  readonly waveTimers?: readonly Timer[];
  /** More timers of the present state, besides those that entering it brings. */
  readonly stateTimers?: readonly Timer[];
}

/**
 * One conditional write: fields to set, entries to append. `event` is null when nobody has to be told and
 * nothing has to follow.
 */
export interface Change {
  readonly set: Partial<HelpRequestRecord>;
  readonly timeline: readonly TimelineEntry[];
  readonly event: OutboxEvent | null;
}

/** What a sentence needs besides its kind. */
export interface NoticeMore {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly link?: string;
  readonly silent?: boolean;
  readonly urgent?: boolean;
}

type Subject = Pick<HelpRequestRecord, '_id' | 'shortNumber' | 'beneficiaryId' | 'authorId'>;

function notice(to: Notice['to'], kind: NotificationKind, request: Subject, more: NoticeMore): Notice {
  return {
    to,
    kind,
    link: more.link ?? `/r/${request._id}`,
    params: { requestId: request._id, shortNumber: request.shortNumber, ...more.params },
    ...(more.silent === undefined ? {} : { silent: more.silent }),
    ...(more.urgent === undefined ? {} : { urgent: more.urgent }),
  };
}

/** To the person helped and, when somebody else wrote it, to them as well. */
export function toAuthor(request: Subject, kind: NotificationKind, more: NoticeMore = {}): Notice {
  return notice({ accountIds: [...new Set([request.beneficiaryId, request.authorId])] }, kind, request, more);
}

/** To helpers; empty when there is nobody. */
export function toHelpers(
  request: Subject,
  helperIds: readonly string[],
  kind: NotificationKind,
  more: NoticeMore = {},
): readonly Notice[] {
  if (helperIds.length === 0) return [];
  return [notice({ accountIds: [...new Set(helperIds)] }, kind, request, more)];
}

export function toStaff(request: Subject, kind: NotificationKind, more: NoticeMore = {}): Notice {
  return notice({ role: 'staff' }, kind, request, { link: `/staff/requests/${request._id}`, ...more });
}
