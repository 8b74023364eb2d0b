import { type ApiProblem, asProblem, call } from '../../api-client.ts';
import { dropOffer } from '../../inbox.svelte.ts';
import { randomKey } from '../../random-key.ts';
import { go } from '../../router.svelte.ts';

const ACCEPT_TIMEOUT_MS = 5_000;

/** The answer to one offer. Accept and decline each keep one key, so that pressing again after a silence is safe. */
export function createOfferAnswer(matchId: string) {
  let busy = $state<'accept' | 'decline' | null>(null);
  let problem = $state.raw<ApiProblem | null>(null);
  const keys = { accept: randomKey(), decline: randomKey() };

  /** Accepts and goes to the task; somebody faster leads to the page that says thank you. */
  async function accept(): Promise<void> {
    if (busy) return;
    busy = 'accept';
    problem = null;
    try {
      const assignment = await call('acceptMatch', {
        params: { id: matchId },
        key: keys.accept,
        timeoutMs: ACCEPT_TIMEOUT_MS,
      });
      dropOffer(matchId);
      go(`/t/${assignment.id}`);
    } catch (error) {
      problem = asProblem(error);
      if (problem.code === 'already-taken') {
        dropOffer(matchId);
        go('/taken');
      }
    } finally {
      busy = null;
    }
  }

  /** True when the offer is declined; the next neighbour is being asked. */
  async function decline(): Promise<boolean> {
    if (busy) return false;
    busy = 'decline';
    problem = null;
    try {
      await call('declineMatch', { params: { id: matchId }, key: keys.decline });
      dropOffer(matchId);
      return true;
    } catch (error) {
      problem = asProblem(error);
      return false;
    } finally {
      busy = null;
    }
  }

  return {
    get busy() {
      return busy;
    },
    get problem() {
      return problem;
    },
    accept,
    decline,
  };
}
