/**
 * 32-bit hash of a text (FNV-1a with the Murmur3 finaliser). Stable across machines; used for ties and for
 * random streams that replay. Source: Fowler, Noll, Vo; Appleby, MurmurHash3.
 */
export function hashText(text: string, seed = 0): number {
  let hash = (2166136261 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  }
  return mix32(hash);
}

/** Mixes 32 bits so that each input bit changes half of the output bits. Unsigned result. */
export function mix32(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Tie value of a helper under one query seed; smaller comes first. Two mixes, no allocation. */
export function tieOf(helperHash: number, querySeed: number): number {
  return mix32(helperHash ^ querySeed);
}

/** The seed of a query: the run's seed and the request together, so that equals rotate between requests. */
export function querySeedOf(requestId: string, seed: number): number {
  return hashText(requestId, seed | 0);
}

/**
 * A stream of numbers in [0, 1) that repeats for the same seed. Source: Tommy Ettinger's mulberry32, 32-bit
 * state, passes gjrand; good for simulations and shuffles, never for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
