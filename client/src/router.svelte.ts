import type { Component } from 'svelte';
import { type Area, needAreas } from './i18n/i18n.svelte.ts';
import { matchPath } from './match-path.ts';

export interface Route {
  path: string;
  /** Dictionaries besides `shell` and `words`. */
  areas: readonly Area[];
  load: () => Promise<{ default: Component }>;
  /** Who may open it; others see how to get there. Default: anyone. */
  who?: 'anyone' | 'signed-in' | 'volunteer' | 'staff' | 'administrator';
  /** The tab it belongs to. */
  tab?: 'board' | 'ask' | 'mine' | 'more';
  /** `action`: the screen has its own bar at the foot, the tabs step back. Default: tabs. */
  foot?: 'tabs' | 'action';
  /** The staff frame with its side navigation. */
  frame?: 'staff';
  /** Part of the first load: comes without the styles of forms. */
  isFirst?: true;
}

interface Place {
  route: Route | null;
  params: Record<string, string>;
  path: string;
  search: string;
  screen: Component | null;
  /** The screen's code could not be fetched. */
  failed: boolean;
}

let routes: readonly Route[] = [];
let place = $state.raw<Place>({ route: null, params: {}, path: '', search: '', screen: null, failed: false });
let isLoading = $state(true);
let depth = 0;
let visit = 0;
let beforeLeave: (() => boolean) | null = null;
const arrivals = new Set<(place: Place) => void>();

/** Where the reader is. `screen` is null on an unknown path. */
export const router = {
  get place(): Place {
    return place;
  },
  get params(): Record<string, string> {
    return place.params;
  },
  get query(): URLSearchParams {
    return new URLSearchParams(place.search);
  },
  get isLoading(): boolean {
    return isLoading;
  },
};

/** Calls back after each arrival on another screen. */
export function onArrival(listener: (place: Place) => void): () => void {
  arrivals.add(listener);
  return () => arrivals.delete(listener);
}

/** A screen with typed text asks before it is left; the guard answers whether leaving is fine. Returns the way to stop. */
export function guardLeaving(guard: () => boolean): () => void {
  beforeLeave = guard;
  return () => {
    if (beforeLeave === guard) beforeLeave = null;
  };
}

/** Goes to a path inside the app. `replace` leaves no step for Back. */
export function go(to: string, { replace = false } = {}): void {
  if (beforeLeave && !beforeLeave()) return;
  beforeLeave = null;
  if (replace) history.replaceState({ depth }, '', to);
  else {
    history.replaceState({ depth, scroll: scrollY }, '');
    depth += 1;
    history.pushState({ depth }, '', to);
  }
  void arrive(0);
}

/** One step back inside the app, or to the fallback when the visit began here. */
export function back(fallback: string): void {
  if (depth > 0) history.back();
  else go(fallback, { replace: true });
}

/** Loads the present path again, after its code could not be fetched. */
export function retry(): void {
  void arrive(0);
}

async function arrive(scroll: number): Promise<void> {
  visit += 1;
  const mine = visit;
  const path = location.pathname;
  const search = location.search;
  let params: Record<string, string> = {};
  const route =
    routes.find((candidate) => {
      const found = matchPath(candidate.path, path);
      if (found) params = found;
      return found !== null;
    }) ?? null;
  const sameScreen = route !== null && route === place.route;
  let screen: Component | null = null;
  let failed = false;
  if (sameScreen) screen = place.screen;
  if (route && !screen) {
    isLoading = true;
    try {
      const [module] = await Promise.all([
        route.load(),
        needAreas(['shell', 'words', ...route.areas]),
        route.isFirst ? undefined : import('./styles/forms.css'),
      ]);
      screen = module.default;
    } catch {
      failed = true;
    }
  } else {
    await needAreas(['shell', 'words']).catch(() => (failed = true));
  }
  // A later click has overtaken this one.
  if (mine !== visit) return;
  place = { route, params, path, search, screen, failed };
  isLoading = false;
  requestAnimationFrame(() => scrollTo(0, scroll));
  for (const listener of arrivals) listener(place);
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download')) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
  if (url.hash && url.pathname === location.pathname) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

/** Starts with the table of routes and shows the present path. The first fitting row wins. */
export async function startRouter(table: readonly Route[]): Promise<void> {
  routes = table;
  history.scrollRestoration = 'manual';
  const state = history.state as { depth?: number } | null;
  depth = state?.depth ?? 0;
  document.addEventListener('click', followLink);
  addEventListener('popstate', (event) => {
    const now = event.state as { depth?: number; scroll?: number } | null;
    depth = now?.depth ?? 0;
    beforeLeave = null;
    void arrive(now?.scroll ?? 0);
  });
  await arrive(0);
}
