/**
 * Serialises work per person inside this process: work that names a person runs after all earlier work that
 * names the same person, work on different people runs at the same time. All names are taken in one step, so
 * two pieces of work can never wait for each other. A failure is the caller's, the queue goes on.
 */
export function createPersonQueues() {
  /** The last piece of work per person; these promises never reject. */
  const tails = new Map<string, Promise<void>>();

  return async function inTurn<R>(people: readonly string[], work: () => Promise<R>): Promise<R> {
    const names = [...new Set(people)];
    const earlier = names.flatMap((name) => tails.get(name) ?? []);
    const done = Promise.all(earlier).then(work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    for (const name of names) tails.set(name, settled);
    try {
      return await done;
    } finally {
      for (const name of names) if (tails.get(name) === settled) tails.delete(name);
    }
  };
}

export type InTurn = ReturnType<typeof createPersonQueues>;
