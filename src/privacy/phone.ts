/**
 * A phone number in one spelling, or null when it is none. Full-width digits, spaces, dots, dashes and brackets are
 * taken away; `0086`, `86` and `+86` mean China. Mainland mobile numbers and area-code numbers become `+86…`;
 * other numbers must be given with `+` and 8 to 15 digits (E.164). A local number without its area code is null.
 */
export function normalisePhone(typed: string): string | null {
  const plain = typed.normalize('NFKC').replaceAll(/[\s().\-‐-―·]/g, '');
  if (!/^\+?\d{7,18}$/.test(plain)) return null;
  const chinese = plain.replace(/^(?:\+86|0086|86(?=1\d{10}$))/, '');
  const isMarked = chinese !== plain;
  if (/^1[3-9]\d{9}$/.test(chinese) && (isMarked || !plain.startsWith('+'))) return `+86${chinese}`;
  if (/^0?[1-9]\d{9,10}$/.test(chinese) && isMarked) return `+86${chinese.replace(/^0/, '')}`;
  if (/^0[1-9]\d{8,10}$/.test(plain)) return `+86${plain.slice(1)}`;
  return /^\+[1-9]\d{7,14}$/.test(plain) ? plain : null;
}
