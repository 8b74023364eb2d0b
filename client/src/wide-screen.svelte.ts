const wide = matchMedia('(min-width: 1024px)');
let isWide = $state(wide.matches);
wide.addEventListener('change', (event) => (isWide = event.matches));

/** Whether there is room for two columns. */
export const wideScreen = {
  get isWide(): boolean {
    return isWide;
  },
};
