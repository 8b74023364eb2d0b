let bars = $state(0);

/** Whether a screen has a bar of its own at the foot; the tabs step back while it does. */
export const foot = {
  get isHeld(): boolean {
    return bars > 0;
  },
};

/** Takes the foot for a bar. Returns the way to give it back. */
export function holdFoot(): () => void {
  bars += 1;
  return () => (bars -= 1);
}
