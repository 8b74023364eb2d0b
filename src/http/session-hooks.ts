import type { IncomingMessage } from 'node:http';
import { isOwnOrigin, type OriginRule } from './origin-check.ts';
import type { SessionEndings } from './session-endings.ts';
import type { Sessions } from './sessions.ts';

/** Who sits behind a socket's handshake. `sessionId` names the session and opens nothing: safe in room names and logs. */
export interface HandshakeSession {
  readonly sessionId: string;
  readonly accountId: string;
  readonly communityId: string;
}

/** What realtime needs of the HTTP side: the same session authenticates the socket. */
export interface SessionHooks {
  /** Reads the session cookie of an upgrade request and checks the account as the gate does; null: not signed in. */
  sessionOfHandshake(request: IncomingMessage): Promise<HandshakeSession | null>;
  /** True while the session stands: not signed out, not ended, account not refused. For the check each minute. */
  isAlive(session: HandshakeSession): Promise<boolean>;
  /** True when the handshake comes from our own origin (architecture 12). A missing Origin is foreign. */
  isOwnOrigin(request: IncomingMessage): boolean;
  /**
   * Called at once with a session id (sign-out) or an account id (all sessions of a suspended person, after a new
   * passphrase or other roles). Returns the function that ends the subscription.
   */
  onSessionEnded(listener: (sessionOrAccountId: string) => void): () => void;
}

/** The hooks over the sessions. Reading a handshake writes nothing. */
export function createSessionHooks({
  sessions,
  endings,
  origin,
}: {
  readonly sessions: Pick<Sessions, 'read' | 'isAlive'>;
  readonly endings: SessionEndings;
  readonly origin: OriginRule;
}): SessionHooks {
  return {
    async sessionOfHandshake(request) {
      const user = await sessions.read(request.headers.cookie);
      if (user === null) return null;
      const { key, accountId, communityId } = user.content;
      return { sessionId: key, accountId, communityId };
    },
    isAlive: async ({ sessionId }) => await sessions.isAlive(sessionId),
    isOwnOrigin: (request) => isOwnOrigin(origin, request),
    onSessionEnded: (listener) => endings.onEnded(listener),
  };
}
