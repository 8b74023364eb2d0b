import faces from 'virtual:uyghur-font';

let added = false;

/** Registers the Uyghur subset for Arabic code points only, so digits and Latin stay in the interface face. */
export function addUyghurFace(): void {
  if (added || typeof FontFace === 'undefined') return;
  added = true;
  for (const { weight, url } of faces) {
    const face = new FontFace('Linli Naskh', `url(${url}) format('woff2')`, {
      weight,
      display: 'swap',
      unicodeRange: 'U+0600-06FF',
    });
    document.fonts.add(face);
  }
}
