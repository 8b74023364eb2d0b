import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { NotificationView, Page } from '../../src/shared/api-types.ts';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/shared/realtime-events.ts';
import type { KillableService } from '../../scripts/bench/killable-service.ts';
import type { SeededPerson } from '../../scripts/bench/seed-estate.ts';

/**
 * A person's screen with the rules of the client: it shows a pushed notification only when its number is the next
 * one, otherwise it catches up over HTTP, and it catches up after every connect. What it showed is never taken back.
 */
export function openScreen(service: KillableService, person: SeededPerson) {
  const shown: NotificationView[] = [];
  let cursor = 0;
  let pushes = 0;
  let catchingUp: Promise<void> | undefined;
  let isWanted = false;
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(service.origin, {
    transports: ['websocket'],
    forceNew: true,
    timeout: 5_000,
    reconnectionDelay: 50,
    reconnectionDelayMax: 300,
    extraHeaders: { origin: service.origin, cookie: person.cookie },
  });

  function show(notification: NotificationView): void {
    if (notification.number <= cursor) return;
    shown.push(notification);
    cursor = notification.number;
  }

  async function readOn(): Promise<void> {
    for (;;) {
      isWanted = false;
      const response = await fetch(`${service.origin}/api/notifications?after=${String(cursor)}`, {
        headers: { cookie: person.cookie },
        signal: AbortSignal.timeout(5_000),
      });
      if (!response.ok) throw new Error(`the list answered ${String(response.status)}`);
      const page = (await response.json()) as Page<NotificationView>;
      page.items.forEach(show);
      if (page.nextCursor === null && !isWanted) return;
    }
  }

  /** One at a time; a wish that comes meanwhile makes it read once more. Failures wait for the next connect or push. */
  function catchUp(): Promise<void> {
    isWanted = true;
    catchingUp ??= readOn().finally(() => void (catchingUp = undefined));
    return catchingUp;
  }

  socket.on('connect', () => void catchUp().catch(() => undefined));
  socket.on('notification:created', (notification) => {
    pushes += 1;
    if (notification.number === cursor + 1) show(notification);
    else if (notification.number > cursor) void catchUp().catch(() => undefined);
  });
  // A refusal by the server is not retried by the library: a restart may have been faster than the store.
  socket.on(
    'connect_error',
    () => void pause(200).then(() => (socket.active ? undefined : socket.connect())),
  );

  return {
    person,
    shown,
    pushes: () => pushes,
    catchUp,
    drop: () => void socket.io.engine?.close(),
    close: () => void socket.disconnect(),
  };
}

export type Screen = ReturnType<typeof openScreen>;
