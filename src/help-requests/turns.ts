/** Lets work with the same name happen one after another, in the order of the calls; other names do not wait. */
export interface Turns {
  /** Runs `work` when everything called before under this name has ended, well or badly. */
  take<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Holds within this process only: across processes the conditional writes decide. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(name, work) {
      const before = last.get(name) ?? Promise.resolve();
      const mine = before.then(work, work);
      last.set(name, mine);
      try {
        return await mine;
      } finally {
        if (last.get(name) === mine) last.delete(name);
      }
    },
  };
}
