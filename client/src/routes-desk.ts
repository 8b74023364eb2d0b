import type { Route } from './router.svelte.ts';

const staff = { areas: ['staff', 'account'], who: 'staff', frame: 'staff' } as const;
const own = { areas: ['settings', 'account'], who: 'signed-in', tab: 'more' } as const;

/** Sign-in, sign-up, set-up, settings, staff. */
export const deskRoutes: readonly Route[] = [
  { path: '/sign-in', areas: ['account'], load: () => import('./screens/sign-in/SignIn.svelte') },
  {
    path: '/sign-in/second-factor',
    areas: ['account'],
    who: 'signed-in',
    load: () => import('./screens/sign-in/SecondFactor.svelte'),
  },
  { path: '/sign-up', areas: ['account'], load: () => import('./screens/sign-up/SignUp.svelte') },
  { path: '/setup', areas: ['setup', 'account'], load: () => import('./screens/setup/SetupPage.svelte') },
  {
    path: '/settings',
    areas: ['settings'],
    tab: 'more',
    load: () => import('./screens/settings/SettingsPage.svelte'),
  },
  { path: '/settings/helping', ...own, load: () => import('./screens/settings/HelpingPage.svelte') },
  { path: '/settings/account', ...own, load: () => import('./screens/settings/AccountPage.svelte') },
  { path: '/staff', ...staff, load: () => import('./screens/staff/ReviewPage.svelte') },
  { path: '/staff/review', ...staff, load: () => import('./screens/staff/ReviewPage.svelte') },
  { path: '/staff/requests', ...staff, load: () => import('./screens/staff/RequestsPage.svelte') },
  { path: '/staff/requests/:id', ...staff, load: () => import('./screens/staff/RequestPage.svelte') },
  { path: '/staff/people/new', ...staff, load: () => import('./screens/staff/WriteDownPage.svelte') },
  { path: '/staff/people', ...staff, load: () => import('./screens/staff/PeoplePage.svelte') },
  {
    path: '/staff/community',
    ...staff,
    areas: ['staff', 'account', 'setup'],
    who: 'administrator',
    load: () => import('./screens/community/CommunityPage.svelte'),
  },
  { path: '/staff/calls', ...staff, load: () => import('./screens/staff/CallsPage.svelte') },
];
