/** The word that keeps `npm start` from showing made-up neighbours to real ones. `node:` modules alone. */

const ON = /^(?:1|true|yes|on)$/i;

/**
 * Why the service must not start like this, or null when it may: DEMO is on in the environment, or in the text of
 * `.env` and not turned off in the environment, which wins.
 */
export function demoRefusal(env, envFileText) {
  const found = /^\s*(?:export\s+)?DEMO\s*=\s*["']?([^"'\s#]*)/m.exec(envFileText)?.[1] ?? '';
  const isInEnvironment = env.DEMO !== undefined && env.DEMO !== '';
  if (!ON.test(isInEnvironment ? env.DEMO : found)) return null;
  const where = isInEnvironment ? 'the environment' : '.env';
  return `DEMO is on in ${where}: npm start never shows the demo. Take it out, or run: npm run demo`;
}
