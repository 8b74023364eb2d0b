import type { MatchView, NotificationView } from '../shared/api-types.ts';
import type { PushMarks } from './push-marks.ts';

/** What the relay pushes. Every call returns at once, never throws, and losing it loses nothing. */
export interface NotificationPushes {
  notified(
    communityId: string,
    notificationId: string,
    recipientId: string,
    notification: NotificationView,
  ): void;
  matchOffered(helperId: string, match: MatchView): void;
  /** `staffOf`: the community whose staff hear of it too; null for none. */
  requestChanged(
    accountIds: readonly string[],
    staffOf: string | null,
    change: { requestId: string; status: string; version: number },
  ): void;
  boardChanged(communityId: string, requestId: string): void;
}

/** The publisher as notifications see it. */
export interface NotificationPublisher extends Omit<NotificationPushes, 'notified'> {
  notificationCreated(recipientId: string, notification: NotificationView): void;
}

/** Pushes over the open sockets and remembers which notifications had one to go to. */
export function createNotificationPushes({
  publisher,
  marks,
  isReachable,
}: {
  readonly publisher: NotificationPublisher;
  readonly marks: Pick<PushMarks, 'add'>;
  readonly isReachable: (accountId: string) => boolean;
}): NotificationPushes {
  return {
    notified(communityId, notificationId, recipientId, notification) {
      if (!isReachable(recipientId)) return;
      publisher.notificationCreated(recipientId, notification);
      marks.add(communityId, notificationId);
    },
    matchOffered: publisher.matchOffered,
    requestChanged: publisher.requestChanged,
    boardChanged: publisher.boardChanged,
  };
}
