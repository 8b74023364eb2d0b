import { createHash, randomBytes } from 'node:crypto';
import { MongoStore } from 'connect-mongo';
import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import type { Connection } from 'mongoose';
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import type { Clock } from '../actor.ts';
import { readCookies } from './cookies.ts';
import type { SessionControl } from './route.ts';
import { isSessionOver, mayBeIdle, SESSION_DAYS, SEEN_STEP_MS } from './session-life.ts';
import type { SessionEndings } from './session-endings.ts';
import type {
  SessionAccounts,
  SessionContent,
  SignedInUser,
  VerifiedSignIn,
  VerifyPassphrase,
} from './session-types.ts';
import { unsignCookie } from './unsign-cookie.ts';

export interface SessionsDeps {
  readonly connection: Connection;
  /** The first signs, all are accepted. */
  readonly secrets: readonly string[];
  /** True where the site is https: then the cookie is `__Host-` and Secure. */
  readonly isSecure: boolean;
  readonly clock: Clock;
  readonly accounts: SessionAccounts;
  readonly verify: VerifyPassphrase;
  /** Told when a session is signed out or replaced. */
  readonly endings: SessionEndings;
}

/** Signed-in sessions: kept in the store, named by a cookie, checked at every request. */
export interface Sessions {
  /** Reads the session and, through Passport, the account; afterwards `request.user` is set or not. */
  readonly middleware: readonly RequestHandler[];
  controlOf(request: Request, response: Response): SessionControl;
  /** The session of a raw cookie header, read without a write; null when it is none, unsigned or over. */
  read(cookieHeader: string | undefined): Promise<SignedInUser | null>;
  /** True while a session with this key stands, whatever its cookie's id is by now. Reads only. */
  isAlive(key: string): Promise<boolean>;
  /** Builds the indexes; call before listening. */
  prepare(): Promise<void>;
}

export function createSessions(deps: SessionsDeps): Sessions {
  const { clock, accounts, isSecure, endings } = deps;
  const cookieName = isSecure ? '__Host-sid' : 'linli-sid';
  const store = openSessionStore(deps.connection);
  const passport = createPassport(deps);

  async function userOf(content: SessionContent): Promise<SignedInUser | null> {
    const account = await accounts.sessionAccount(content);
    if (account === null || account.epoch !== content.epoch) return null;
    return isSessionOver(content, account.allRoles, clock.now().getTime()) ? null : { content, account };
  }

  passport.serializeUser<SessionContent>((user, done) => {
    done(null, user.content);
  });
  passport.deserializeUser<SessionContent>((content, done) => {
    userOf(content).then((user) => {
      done(null, user ?? false);
    }, done);
  });

  return {
    middleware: [
      session({
        name: cookieName,
        secret: [...deps.secrets],
        store,
        resave: false,
        rolling: false,
        saveUninitialized: false,
        genid: () => randomBytes(24).toString('base64url'),
        cookie: {
          secure: isSecure,
          httpOnly: true,
          sameSite: 'lax',
          path: '/',
          maxAge: SESSION_DAYS * 24 * 60 * 60 * 1_000,
        },
      }),
      passport.session() as RequestHandler,
      noteSeen(clock),
    ],
    controlOf: (request, response) =>
      createControl({ request, response, passport, cookieName, isSecure, clock, accounts, endings }),
    async read(cookieHeader) {
      const cookie = readCookies(cookieHeader).get(cookieName);
      const sid = cookie === undefined ? null : unsignCookie(cookie, deps.secrets);
      if (sid === null) return null;
      const content = await readContent(store, sid);
      return content === null ? null : await userOf(content);
    },
    async isAlive(key) {
      const sessions = await store.collectionP;
      const found = await sessions.findOne({ [KEY_PATH]: key });
      const content = (found?.session as SessionData | undefined)?.passport?.user;
      return content !== undefined && (await userOf(content)) !== null;
    },
    async prepare() {
      await (await store.collectionP).createIndex({ [KEY_PATH]: 1 });
    },
  };
}

const KEY_PATH = 'session.passport.user.key';

/** connect-mongo on Mongoose's own client; the store knows a digest of the cookie's id, so a copy of it opens nothing. */
function openSessionStore(connection: Connection): MongoStore {
  return MongoStore.create({
    client: connection.getClient(),
    dbName: connection.name,
    collectionName: 'sessions',
    stringify: false,
    touchAfter: 24 * 60 * 60,
    autoRemove: 'native',
    transformId: (sid) => createHash('sha256').update(sid).digest('base64url'),
  });
}

async function readContent(store: MongoStore, sid: string): Promise<SessionContent | null> {
  return await new Promise((resolve, reject) => {
    store.get(sid, (error: unknown, data) => {
      if (error instanceof Error) reject(error);
      else resolve(data?.passport?.user ?? null);
    });
  });
}

type PassportInstance = InstanceType<typeof Passport>;

/** Passport with the local strategy: passport-local hands the two fields to `verify`. */
function createPassport({ verify }: SessionsDeps): PassportInstance {
  const passport = new Passport();
  passport.use(
    new LocalStrategy(
      { usernameField: 'signInName', passwordField: 'passphrase', passReqToCallback: true, session: false },
      (request, signInName, passphrase, done) => {
        const locals = request.res?.locals as AttemptLocals;
        verify({ signInName, passphrase, ...locals.attempt }).then((verified) => {
          done(null, verified as unknown as Express.User);
        }, done);
      },
    ),
  );
  return passport;
}

interface AttemptLocals {
  attempt: { readonly communityId: string; readonly address: string; readonly device: string | null };
}

/** Keeps the idle time of staff sessions, with one write in five minutes. Others are not written on reading. */
function noteSeen(clock: Clock): RequestHandler {
  return (request, _response, next) => {
    const content = request.session.passport?.user;
    const now = clock.now().getTime();
    const roles = request.user?.account?.allRoles ?? [];
    if (content !== undefined && mayBeIdle(roles) && now - content.seenAt > SEEN_STEP_MS)
      content.seenAt = now;
    next();
  };
}

interface ControlDeps {
  readonly request: Request;
  readonly response: Response;
  readonly passport: PassportInstance;
  readonly cookieName: string;
  readonly isSecure: boolean;
  readonly clock: Clock;
  readonly accounts: SessionAccounts;
  readonly endings: SessionEndings;
}

function createControl(deps: ControlDeps): SessionControl {
  const { request, response, clock, endings } = deps;
  const content = (): SessionContent | undefined => request.session.passport?.user;
  const device = (): string | null =>
    readCookies(request.headers.cookie).get(deviceCookie(deps.isSecure)) ?? null;

  async function enter(next: SessionContent): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      request.logIn({ content: next, account: null }, (error: unknown) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  }

  return {
    get id() {
      return content()?.key ?? null;
    },
    get factors() {
      return content()?.factors ?? [];
    },
    get authenticatedAt() {
      const at = content()?.authenticatedAt;
      return at === undefined ? null : new Date(at);
    },
    async verify(communityId, signInName, passphrase) {
      const attempt = { communityId, device: device(), address: request.ip ?? '' };
      (response.locals as AttemptLocals).attempt = attempt;
      request.body = { signInName, passphrase };
      return await authenticateLocally(deps);
    },
    async signIn(accountId, communityId, factors) {
      const previous = content();
      const now = clock.now().getTime();
      await enter({
        key: randomBytes(16).toString('base64url'),
        accountId,
        communityId,
        factors: [...factors],
        authenticatedAt: now,
        startedAt: now,
        seenAt: now,
        epoch: await deps.accounts.epochOf(accountId),
      });
      if (previous !== undefined) endings.end(previous.key);
    },
    async stepUp(factor) {
      const present = content();
      if (present === undefined) throw new TypeError('there is no session to step up');
      const factors = factor === null ? present.factors : [...new Set([...present.factors, factor])];
      await enter({ ...present, factors, authenticatedAt: clock.now().getTime() });
    },
    async signOut() {
      const present = content();
      await new Promise<void>((resolve, reject) => {
        request.logOut((error: unknown) => {
          if (error instanceof Error) reject(error);
          else resolve();
        });
      });
      response.clearCookie(deps.cookieName, {
        path: '/',
        secure: deps.isSecure,
        httpOnly: true,
        sameSite: 'lax',
      });
      if (present !== undefined) endings.end(present.key);
    },
    get device() {
      return device();
    },
    rememberDevice(id) {
      response.cookie(deviceCookie(deps.isSecure), id, {
        secure: deps.isSecure,
        httpOnly: true,
        sameSite: 'lax',
        path: '/',
        maxAge: 400 * 24 * 60 * 60 * 1_000,
      });
    },
  };
}

async function authenticateLocally({ passport, request, response }: ControlDeps): Promise<VerifiedSignIn> {
  return await new Promise((resolve, reject) => {
    const answer = (error: unknown, verified: unknown): void => {
      if (error instanceof Error) reject(error);
      else if (verified === false || verified === undefined)
        reject(new TypeError('the strategy gave no answer'));
      else resolve(verified as VerifiedSignIn);
    };
    const handler = passport.authenticate('local', { session: false }, answer) as RequestHandler;
    void handler(request, response, reject);
  });
}

function deviceCookie(isSecure: boolean): string {
  return isSecure ? '__Host-device' : 'linli-device';
}
