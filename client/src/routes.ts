import { deskRoutes } from './routes-desk.ts';
import { residentRoutes } from './routes-resident.ts';
import type { Route } from './router.svelte.ts';

/** Every screen of the client. Dynamic imports stay here, so that each screen is its own file on the wire. */
export const routes: readonly Route[] = [...residentRoutes, ...deskRoutes];
