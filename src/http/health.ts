import { Router } from 'express';

/** What readiness asks. Each check rejects or answers false when the service should get no new visitors. */
export interface Readiness {
  readonly checks: Readonly<Record<string, () => Promise<boolean>>>;
  readonly isDraining: () => boolean;
}

/** How long one answer of the checks holds, so that probes from outside cannot load the store. */
const ANSWER_LIVES_MS = 1_000;

/**
 * `/livez`: the loop turns, nothing else. `/readyz`: 200 when every check holds and the service is not draining, else
 * 503 with the names of the checks that do not. Neither says anything private, and neither asks for a session.
 */
export function healthRoutes(readiness: Readiness, monotonicMs: () => number): Router {
  const router = Router();
  let last: { readonly at: number; readonly failed: Promise<string[]> } | undefined;

  router.get('/livez', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const now = monotonicMs();
    if (last === undefined || now - last.at > ANSWER_LIVES_MS)
      last = { at: now, failed: failedChecks(readiness) };
    const failed = [...(await last.failed), ...(readiness.isDraining() ? ['draining'] : [])];
    response
      .status(failed.length === 0 ? 200 : 503)
      .json({ status: failed.length === 0 ? 'ready' : 'not ready', failed });
  });
  return router;
}

async function failedChecks({ checks }: Readiness): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return (await check()) ? [] : [name];
      } catch {
        return [name];
      }
    }),
  );
  return answers.flat();
}
