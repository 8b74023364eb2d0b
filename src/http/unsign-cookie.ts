import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The session id of a cookie that express-session signed (`s:<id>.<HMAC-SHA256 in base64 without =>`, possibly
 * percent-encoded), or null when no secret fits. For places that have a raw header and no Express.
 */
export function unsignCookie(value: string, secrets: readonly string[]): string | null {
  let plain: string;
  try {
    plain = decodeURIComponent(value);
  } catch {
    return null;
  }
  const at = plain.lastIndexOf('.');
  if (!plain.startsWith('s:') || at < 3) return null;
  const sid = plain.slice(2, at);
  const given = Buffer.from(plain.slice(at + 1));
  const fits = secrets.some((secret) => {
    const expected = Buffer.from(
      createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, ''),
    );
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  return fits ? sid : null;
}
