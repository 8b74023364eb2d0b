/**
 * Compares a path with a pattern such as `/r/:id`. Answers the named parts (decoded), or null when it does not fit.
 * A trailing slash does not matter; a broken escape in the path is no match.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = parts(pattern);
  const given = parts(path);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!want.startsWith(':')) {
      if (want !== value) return null;
      continue;
    }
    try {
      params[want.slice(1)] = decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  return params;
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
