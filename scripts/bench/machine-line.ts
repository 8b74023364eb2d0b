import { cpus, loadavg, totalmem } from 'node:os';

/** One line that belongs over every figure: processor, cores, memory, Node, load at the start. */
export function machineLine(): string {
  const [first] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  return `${first?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, Node ${process.versions.node}, load ${load} at the start`;
}
