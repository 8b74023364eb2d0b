const CONSONANTS = 'bdfghjklmnprstwyz';
const VOWELS = 'aeiou';
/** Open syllables that people of all three languages can say and tell apart on a phone line. */
const SYLLABLES: readonly string[] = CONSONANTS.split('').flatMap((first) =>
  VOWELS.split('').map((vowel) => first + vowel),
);

/**
 * The word that author and helper say at the door: two words of two open syllables, such as "tano miru". Both
 * get the same one; 85^4, about 52 million. `seed` is an id that is never shown, so nobody who only knows the
 * request can work the word out. The same seed always gives the same word. FNV-1a with the Murmur3 finaliser.
 */
export function codeWord(seed: string): string {
  const words: string[] = [];
  for (let at = 0; at < 2; at += 1) {
    const hash = hashOf(seed, at);
    const first = SYLLABLES[hash % SYLLABLES.length]!;
    const second = SYLLABLES[Math.floor(hash / SYLLABLES.length) % SYLLABLES.length]!;
    words.push(first + second);
  }
  return words.join(' ');
}

function hashOf(text: string, salt: number): number {
  let hash = (2166136261 ^ salt) >>> 0;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
