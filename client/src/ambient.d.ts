declare module 'virtual:uyghur-dates' {
  const dates: { weekdays: string[]; months: string[] };
  export default dates;
}

declare module 'virtual:uyghur-font' {
  const faces: { weight: string; url: string }[];
  export default faces;
}

declare module 'subset-font' {
  export default function subsetFont(
    font: Uint8Array,
    letters: string,
    options: { targetFormat: 'woff2' },
  ): Promise<Uint8Array>;
}
