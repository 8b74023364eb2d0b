import type { Language } from '../../src/shared/vocabulary.ts';
import { call, asProblem } from './api-client.ts';
import { changeLanguage, i18n } from './i18n/i18n.svelte.ts';
import { onSessionChange, session } from './session.svelte.ts';

export type Mode = 'normal' | 'elder';

const YEAR_SECONDS = 365 * 24 * 3600;

let mode = $state<Mode>(document.documentElement.dataset['mode'] === 'elder' ? 'elder' : 'normal');

/** How this device reads: the language is in `i18n`, the elder view is here. */
export const preferences = {
  get mode(): Mode {
    return mode;
  },
  get isElder(): boolean {
    return mode === 'elder';
  },
};

function keep(name: string, value: string): void {
  // The server reads these two to write <html>; they name no person.
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

function showMode(next: Mode): void {
  mode = next;
  document.documentElement.dataset['mode'] = next;
  keep('linli-mode', next);
}

/** Changes the language of the page, remembers it on the device and, signed in, with the account. */
export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  keep('linli-lang', language);
  await saveToAccount();
}

/** Turns the elder view on or off, remembers it on the device and, signed in, with the account. */
export async function chooseMode(next: Mode): Promise<void> {
  showMode(next);
  await saveToAccount();
}

async function saveToAccount(): Promise<void> {
  if (!session.account) return;
  try {
    await call('updateMySettings', { body: { language: i18n.language, mode } });
  } catch (error) {
    // The device has it; the account follows with the next change.
    asProblem(error);
  }
}

/** Follows the account when somebody signs in, and the colours that the device asks for. */
export function startPreferences(): void {
  onSessionChange((now) => {
    if (!now) {
      // Signing out clears what the site kept on the device; how it is read is no secret and stays.
      keep('linli-lang', i18n.language);
      keep('linli-mode', mode);
      return;
    }
    showMode(now.account.mode);
    if (now.account.language !== i18n.language) {
      keep('linli-lang', now.account.language);
      changeLanguage(now.account.language).catch(() => undefined);
    }
  });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = (): void => {
    if (dark.matches) document.documentElement.dataset['theme'] = 'dark';
    else delete document.documentElement.dataset['theme'];
  };
  follow();
  dark.addEventListener('change', follow);
}
