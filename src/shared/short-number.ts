/** The number people say on the phone, with four digits or more, the same on every screen and in every text: 0417. */
export function shortNumberWords(shortNumber: number): string {
  return String(shortNumber).padStart(4, '0');
}
