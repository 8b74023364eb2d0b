import type { Route } from './router.svelte.ts';

const ask = { areas: ['ask', 'request'], who: 'signed-in', tab: 'ask', foot: 'action' } as const;

/** Board, ask, one request, mine, task, notifications, more. */
export const residentRoutes: readonly Route[] = [
  {
    path: '/',
    areas: ['board'],
    tab: 'board',
    isFirst: true,
    load: () => import('./screens/board/BoardPage.svelte'),
  },
  {
    path: '/map',
    areas: ['board'],
    tab: 'board',
    isFirst: true,
    load: () => import('./screens/board/BoardPage.svelte'),
  },
  { path: '/ask', ...ask, load: () => import('./screens/ask/WhatPage.svelte') },
  { path: '/ask/what', ...ask, load: () => import('./screens/ask/WhatPage.svelte') },
  { path: '/ask/details', ...ask, load: () => import('./screens/ask/DetailsPage.svelte') },
  { path: '/ask/where', ...ask, load: () => import('./screens/ask/WherePage.svelte') },
  { path: '/ask/check', ...ask, load: () => import('./screens/ask/CheckPage.svelte') },
  {
    path: '/ask/done',
    areas: ['ask', 'request'],
    who: 'signed-in',
    tab: 'ask',
    load: () => import('./screens/ask/DonePage.svelte'),
  },
  {
    path: '/r/:id',
    areas: ['request', 'board'],
    who: 'signed-in',
    tab: 'board',
    load: () => import('./screens/request/RequestPage.svelte'),
  },
  {
    path: '/r/:id/edit',
    areas: ['request', 'ask'],
    who: 'signed-in',
    tab: 'mine',
    foot: 'action',
    load: () => import('./screens/request/EditPage.svelte'),
  },
  {
    path: '/me',
    areas: ['mine', 'request', 'ask'],
    who: 'signed-in',
    tab: 'mine',
    load: () => import('./screens/mine/MinePage.svelte'),
  },
  {
    path: '/offers/:id',
    areas: ['mine', 'request'],
    who: 'volunteer',
    tab: 'mine',
    load: () => import('./screens/mine/OfferPage.svelte'),
  },
  {
    path: '/taken',
    areas: ['mine'],
    who: 'signed-in',
    tab: 'mine',
    load: () => import('./screens/mine/TakenPage.svelte'),
  },
  {
    path: '/t/:id',
    areas: ['mine', 'request', 'account'],
    who: 'signed-in',
    tab: 'mine',
    foot: 'action',
    load: () => import('./screens/task/TaskPage.svelte'),
  },
  {
    path: '/notifications',
    areas: ['mine'],
    who: 'signed-in',
    tab: 'more',
    load: () => import('./screens/notifications/NotificationsPage.svelte'),
  },
  { path: '/more', areas: ['mine'], tab: 'more', load: () => import('./screens/more/MorePage.svelte') },
];
