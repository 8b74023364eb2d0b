/** Tells this process's sockets that a session or all sessions of an account have ended. */
export interface SessionEndings {
  /** A session's key or an account's id. */
  end(sessionOrAccountId: string): void;
  onEnded(listener: (sessionOrAccountId: string) => void): () => void;
}

export function createSessionEndings(): SessionEndings {
  const listeners = new Set<(id: string) => void>();
  return {
    end(id) {
      for (const listener of listeners) listener(id);
    },
    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
