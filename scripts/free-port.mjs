import net from 'node:net';

/** True when nothing listens on this port of the host. */
async function isFree(port, host) {
  return await new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The wanted port, or the next free one of the twenty after it. Throws when all are taken. */
export async function freePort(wanted, host) {
  for (let port = wanted; port <= Math.min(65_535, wanted + 20); port += 1) {
    if (await isFree(port, host)) return port;
  }
  throw new Error(`The ports ${wanted} to ${wanted + 20} are all taken: choose another with --port.`);
}
