import type { DemoView } from '../../../../src/shared/api-types.ts';
import { call } from '../../api-client.ts';
import { go } from '../../router.svelte.ts';
import { takeSession } from '../../session.svelte.ts';
import type { DemoPerson } from './tour.svelte.ts';

/** How each doorway of the demo looks; the order is that of the start page. */
export const DOORS: readonly { key: DemoPerson; icon: string; tone: 'apricot' | 'turq' | 'sunken' }[] = [
  { key: 'resident', icon: 'kind-shopping', tone: 'apricot' },
  { key: 'elder', icon: 'kind-visit', tone: 'sunken' },
  { key: 'volunteer', icon: 'kind-repair', tone: 'turq' },
  { key: 'staff', icon: 'ui-desk', tone: 'sunken' },
];

const HOMES: Record<DemoPerson, string> = {
  resident: '/',
  elder: '/',
  volunteer: '/me',
  staff: '/staff/review',
};

/**
 * Signs in as one of the made-up people and goes where that person begins, or to `path`. Demo mode only.
 * @throws ApiProblem when the server does not let it.
 */
export async function become(demo: DemoView, key: DemoPerson, path: string = HOMES[key]): Promise<void> {
  const account = demo.accounts.find((one) => one.key === key);
  if (!account) return;
  takeSession(await call('signInDemo', { body: { accountId: account.accountId } }));
  go(path);
}
