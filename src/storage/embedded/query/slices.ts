import { setImmediate as nextTurn } from 'node:timers/promises';
import { storeError } from '../errors.ts';

/** Long reads give way to other clients after this long. */
export const SLICE_MS = 2;
/** How many steps pass between two looks at the clock. */
const STEPS_PER_LOOK = 16;

/** What may end a running operation early. */
export interface OperationControl {
  /** Monotonic milliseconds after which the operation fails with 50; undefined: never. */
  readonly deadline: number | undefined;
  isKilled(): boolean;
}

export const UNCONTROLLED: OperationControl = { deadline: undefined, isKilled: () => false };

/** Throws 50 past the deadline, 11601 when killed. */
export function checkControl(control: OperationControl): void {
  if (control.isKilled()) throw storeError(11601, 'operation was interrupted');
  if (control.deadline !== undefined && performance.now() > control.deadline) {
    throw storeError(50, 'operation exceeded time limit');
  }
}

/**
 * Steps through a generator: `take` gets each item that is not a sign of life and says whether to go
 * on. Runs without a pause for up to `SLICE_MS`, then gives way every slice; returns true when the
 * generator ended. Answers at once, not by promise, when the first slice was enough.
 */
export function stepThrough<T>(
  generator: Iterator<T | undefined>,
  control: OperationControl,
  take: (item: T) => boolean,
): boolean | Promise<boolean> {
  const first = oneSlice(generator, control, take);
  if (first !== 'more') return first === 'ended';
  return rest(generator, control, take);
}

async function rest<T>(
  generator: Iterator<T | undefined>,
  control: OperationControl,
  take: (item: T) => boolean,
): Promise<boolean> {
  for (;;) {
    await nextTurn();
    checkControl(control);
    const outcome = oneSlice(generator, control, take);
    if (outcome !== 'more') return outcome === 'ended';
  }
}

function oneSlice<T>(
  generator: Iterator<T | undefined>,
  control: OperationControl,
  take: (item: T) => boolean,
): 'ended' | 'enough' | 'more' {
  const started = performance.now();
  for (let steps = 1; ; steps++) {
    const { done, value } = generator.next();
    if (done) return 'ended';
    if (value !== undefined && !take(value)) return 'enough';
    if (steps % STEPS_PER_LOOK === 0 && performance.now() - started > SLICE_MS) {
      checkControl(control);
      return 'more';
    }
  }
}

/** To be awaited at each step of a loop over promises: gives way to others when a slice is over. */
export function paceOf(): () => Promise<void> | undefined {
  let started = performance.now();
  let steps = 0;
  return () => {
    if (++steps % STEPS_PER_LOOK !== 0 || performance.now() - started <= SLICE_MS) return undefined;
    return nextTurn().then(() => {
      started = performance.now();
    });
  };
}
