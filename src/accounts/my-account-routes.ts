import type { CommunityService } from '../communities/community-types.ts';
import { defineRoute, signedIn, type Route } from '../http/route.ts';
import type { MyAccountView } from '../shared/api-types.ts';
import type { AccountRecord } from './account-model.ts';
import { presentMyAccount } from './account-presenter.ts';
import {
  myAccountResponse,
  ownAccountBody,
  passphraseBody,
  sessionResponse,
  settingsBody,
} from './account-schemas.ts';
import type { OwnAccountService } from './own-account-service.ts';
import type { PresentSession } from './session-routes.ts';

export interface MyAccountRoutesDeps {
  readonly own: OwnAccountService;
  readonly communities: Pick<CommunityService, 'publicPlace'>;
  readonly presentSession: PresentSession;
}

/** What people read and change about themselves. */
export function myAccountRoutes({ own, communities, presentSession }: MyAccountRoutesDeps): readonly Route[] {
  const present = async (account: AccountRecord): Promise<MyAccountView> =>
    presentMyAccount(
      account,
      await own.readPrivate(account),
      await communities.publicPlace(account.communityId, account.publicPlaceId),
    );
  return [
    defineRoute({
      operationId: 'readMyAccount',
      method: 'get',
      path: '/me',
      summary: 'What the centre keeps about you, private fields included.',
      status: 200,
      response: myAccountResponse,
      handle: async (input) => await present(await own.read(signedIn(input))),
    }),
    defineRoute({
      operationId: 'updateMyAccount',
      method: 'put',
      path: '/me',
      summary: 'Change your name, phone, door, contact person or building.',
      status: 200,
      body: ownAccountBody,
      response: myAccountResponse,
      handle: async (input) => await present(await own.update(signedIn(input), input.body)),
    }),
    defineRoute({
      operationId: 'updateMySettings',
      method: 'put',
      path: '/me/settings',
      summary: 'Change your language or the size of everything.',
      status: 200,
      body: settingsBody,
      response: myAccountResponse,
      handle: async (input) => await present(await own.changeSettings(signedIn(input), input.body)),
    }),
    defineRoute({
      operationId: 'changePassphrase',
      method: 'put',
      path: '/me/passphrase',
      summary: 'Change your passphrase; your other sessions end.',
      status: 200,
      limit: 'confirm',
      body: passphraseBody,
      response: sessionResponse.required(),
      handle: async (input) => {
        const actor = signedIn(input);
        const { session, address } = input.request;
        const factors = [...session.factors];
        await own.changePassphrase(actor, input.body, address);
        await session.signIn(actor.accountId, actor.communityId, factors);
        return await presentSession(await own.read(actor), session);
      },
    }),
  ];
}
