import { mount } from 'svelte';
import App from './App.svelte';
import { startClock } from './clock.svelte.ts';
import { readCommunity } from './community.svelte.ts';
import { startConnectionWatch } from './connection.svelte.ts';
import { needAreas } from './i18n/i18n.svelte.ts';
import { startPreferences } from './preferences.svelte.ts';
import { startRouter } from './router.svelte.ts';
import { routes } from './routes.ts';
import { onSessionChange, readSession } from './session.svelte.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';

startPreferences();
startClock();
startConnectionWatch();

// The socket and the outbox are for people who are signed in, and wait until the first screen stands.
const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
whenIdle(() => {
  import('./report-errors.ts').then((reports) => reports.startErrorReports()).catch(() => undefined);
});
const stopWaiting = onSessionChange((now) => {
  if (!now) return;
  stopWaiting();
  whenIdle(() => {
    import('./live-socket.ts').then((socket) => socket.startLive()).catch(() => undefined);
    import('./outbox/outbox.svelte.ts').then((outbox) => outbox.startOutbox()).catch(() => undefined);
  });
});

// All at once: words, screen, who is signed in, the community. Each shows itself when it is there.
void readCommunity();
void readSession();
void startRouter(routes);

void needAreas(['shell', 'words'])
  .catch(() => undefined)
  .then(() => {
    const target = document.getElementById('app');
    if (target) mount(App, { target });
  });
