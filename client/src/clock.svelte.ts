let nowMs = $state(Date.now());

/** The page's clock: it moves every ten seconds while the page is seen, so that "4 minutes ago" stays true. */
export const clock = {
  get nowMs(): number {
    return nowMs;
  },
};

/** Starts the clock; call once. */
export function startClock(): void {
  const tick = (): void => {
    if (!document.hidden) nowMs = Date.now();
  };
  setInterval(tick, 10_000);
  document.addEventListener('visibilitychange', tick);
}
