import { storeError } from '../errors.ts';
import type { RawValue } from '../bson/types.ts';
import { cstringEnd, textBetween } from '../bson/walk.ts';
import type { RegexPattern } from './nodes.ts';

/** Removes what PCRE's `x` option ignores: white space and comments outside character classes. */
function withoutFreeSpacing(pattern: string): string {
  return pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\s+|#[^\n]*/gs, (part) =>
    /^\s|^#/.test(part) ? '' : part,
  );
}

function build(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    // PCRE accepts escapes that the u flag forbids, such as \- or \_.
    return new RegExp(pattern, flags);
  }
}

/**
 * Makes a pattern runnable. Options: i, m, s, x and u (the text is always Unicode); another option is
 * error 51108, a pattern JavaScript cannot run is error 51091.
 */
export function compileRegex(pattern: string, options: string): RegexPattern {
  for (const option of options) {
    if (!'imsxu'.includes(option)) throw storeError(51108, `invalid flag in regex options: ${option}`);
  }
  let source = options.includes('x') ? withoutFreeSpacing(pattern) : pattern;
  let flags = ['i', 'm', 's'].filter((flag) => options.includes(flag)).join('');
  const inline = /^\(\?([ims]+)\)/.exec(source);
  if (inline) {
    source = source.slice(inline[0].length);
    flags = Array.from(new Set(flags + inline[1]!)).join('');
  }
  source = source.replace(/\\([\s\S])/g, (escape, letter: string) =>
    letter === 'A' ? '^' : letter === 'z' || letter === 'Z' ? '$' : escape,
  );
  try {
    return { pattern, options: options.split('').sort().join(''), run: build(source, flags) };
  } catch (error) {
    throw storeError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

/** Reads a BSON regular expression value. */
export function regexOf(value: RawValue): RegexPattern {
  const { pattern, options } = regexParts(value.bytes, value.start);
  return compileRegex(pattern, options);
}

/** Pattern and options of the regular expression stored at an offset. */
export function regexParts(bytes: Uint8Array, start: number): { pattern: string; options: string } {
  const end = cstringEnd(bytes, start);
  return {
    pattern: textBetween(bytes, start, end),
    options: textBetween(bytes, end + 1, cstringEnd(bytes, end + 1)),
  };
}
