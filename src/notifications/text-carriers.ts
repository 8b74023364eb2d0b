import type { Clock } from '../actor.ts';
import type { TextCarrier } from './text-messages.ts';

const TRAY_SIZE = 50;
const HOOK_TIMEOUT_MS = 5_000;

export interface TrayText {
  readonly at: Date;
  /** Last two digits of the phone only. */
  readonly to: string;
  readonly text: string;
}

/** The demo's carrier: keeps the last 50 texts that would have been sent, newest first, in memory. */
export function createTextTray({ clock }: { readonly clock: Clock }) {
  const texts: TrayText[] = [];
  return {
    send(phone: string, text: string): Promise<void> {
      texts.unshift({ at: clock.now(), to: `••• ${phone.slice(-2)}`, text });
      texts.splice(TRAY_SIZE);
      return Promise.resolve();
    },
    list: (): readonly TrayText[] => [...texts],
  };
}

export type TextTray = ReturnType<typeof createTextTray>;

/**
 * POSTs `{ to, text }` as JSON to the address that the centre configured for its SMS provider. Anything but 2xx
 * within 5 s rejects; redirects are refused, so the number goes nowhere else.
 */
export function createTextHook({ url }: { readonly url: string }): TextCarrier {
  return {
    async send(phone, text) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: phone, text }),
        redirect: 'error',
        signal: AbortSignal.timeout(HOOK_TIMEOUT_MS),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the SMS hook answered ${answer.status}`);
    },
  };
}
