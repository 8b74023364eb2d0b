import { defineRoute, signedIn } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { dutyBody, helperProfileBody, helperProfileResponse } from './helper-profile-schemas.ts';
import type { HelperProfileService } from './helper-profile-service.ts';

/** What a volunteer offers, and whether they are on duty. */
export function helperProfileRoutes(service: HelperProfileService): Route[] {
  return [
    defineRoute({
      operationId: 'readHelperProfile',
      method: 'get',
      path: '/me/helper-profile',
      summary: 'What I offer as a volunteer; status `none` with starting values before the first saving.',
      status: 200,
      response: helperProfileResponse,
      handle: async (input) => await service.readMine(signedIn(input)),
    }),
    defineRoute({
      operationId: 'updateHelperProfile',
      method: 'put',
      path: '/me/helper-profile',
      summary: 'Saves what I offer. The first saving asks the centre to approve me as a volunteer.',
      status: 200,
      body: helperProfileBody,
      response: helperProfileResponse,
      handle: async (input) => await service.save(signedIn(input), input.body),
    }),
    defineRoute({
      operationId: 'setDuty',
      method: 'put',
      path: '/me/duty',
      summary: 'On duty: I may be asked. Off duty: nobody asks me.',
      status: 200,
      body: dutyBody,
      response: helperProfileResponse,
      handle: async (input) => await service.setDuty(signedIn(input), input.body.onDuty),
    }),
  ];
}
