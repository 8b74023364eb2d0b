import type { Clock } from '../actor.ts';
import type { Language } from '../shared/vocabulary.ts';
import type { NotificationRecord } from './notification-model.ts';
import type { NotificationStore } from './notification-store.ts';
import { textMessage } from './notification-texts.ts';

const PAGE = 50;
const MAX_ATTEMPTS = 3;
/** An old text tells somebody to hurry to what is over: better none. */
const STALE_MS = 60 * 60_000;

/** Hands a text to whoever carries it. Rejects when it was not taken. */
export interface TextCarrier {
  send(phone: string, text: string): Promise<void>;
}

export interface TextMessagesDeps {
  readonly store: Pick<NotificationStore, 'queuedTexts' | 'settleText'>;
  readonly carrier: TextCarrier;
  /** The person's language and phone number in clear; null for somebody without a phone. */
  readonly addressee: (
    communityId: string,
    accountId: string,
  ) => Promise<{ language: Language; phone: string } | null>;
  /** Where links begin, e.g. `https://linli.example`. */
  readonly origin: string;
  readonly clock: Clock;
  readonly logger: { warn(details: Record<string, unknown>, message: string): void };
}

/**
 * Sends the texts that wait, oldest first, and writes down what became of each. At least once: a crash between
 * sending and writing sends it again. After three failures, or when an hour has passed, it is given up.
 * Answers how many were handed over. Runs that overlap are the caller's to avoid.
 */
export function createTextMessages(deps: TextMessagesDeps) {
  return async function sendWaitingTexts(): Promise<number> {
    let handedOver = 0;
    for (const record of await deps.store.queuedTexts(PAGE)) {
      if ((await sendOne(deps, record)) === 'sent') handedOver += 1;
    }
    return handedOver;
  };
}

async function sendOne(deps: TextMessagesDeps, record: NotificationRecord): Promise<string> {
  const now = deps.clock.now();
  const attempts = (record.deliveries.sms?.attempts ?? 0) + 1;
  const settle = async (status: 'sent' | 'failed' | 'queued', count: number) => {
    await deps.store.settleText(record, status, count, now);
    return status;
  };
  if (now.getTime() - record.createdAt.getTime() > STALE_MS) return await settle('failed', attempts - 1);
  const to = await deps.addressee(record.communityId, record.recipientId);
  if (to === null) return await settle('failed', attempts - 1);
  const shortNumber = record.params['shortNumber'];
  const text = textMessage(
    record.kind,
    to.language,
    typeof shortNumber === 'number' ? shortNumber : null,
    deps.origin,
    record.link,
  );
  try {
    await deps.carrier.send(to.phone, text);
    return await settle('sent', attempts);
  } catch (error) {
    // The phone number stays out of the log; the id finds it for whoever may know it.
    deps.logger.warn({ notificationId: record._id, attempts, reason: String(error) }, 'text not taken');
    return await settle(attempts >= MAX_ATTEMPTS ? 'failed' : 'queued', attempts);
  }
}
