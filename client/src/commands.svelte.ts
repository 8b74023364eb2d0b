import { type ApiProblem, asProblem } from './api-client.ts';
import { randomKey } from './random-key.ts';

/**
 * The commands of one screen: one at a time, and one intention keeps its key until the server has answered it, so that
 * pressing again after a lost answer has one effect.
 */
export function createCommands<Name extends string>() {
  let busy = $state<Name | null>(null);
  let problem = $state.raw<ApiProblem | null>(null);
  const keys = new Map<Name, string>();

  return {
    /** The command under way. */
    get busy() {
      return busy;
    },
    /** Why the last command was not done; null after one that was. */
    get problem() {
      return problem;
    },
    /** Sends a command. Null when it was done; `busy` when another one is under way; else what the server said. */
    async give(name: Name, send: (key: string) => Promise<void>): Promise<ApiProblem | 'busy' | null> {
      if (busy !== null) return 'busy';
      busy = name;
      problem = null;
      const key = keys.get(name) ?? randomKey();
      keys.set(name, key);
      try {
        await send(key);
        keys.delete(name);
      } catch (error) {
        problem = asProblem(error);
        if (!problem.isUnreachable) keys.delete(name);
      } finally {
        busy = null;
      }
      return problem;
    },
  };
}
