import type { ClosingReason, ReviewReason } from '../shared/vocabulary.ts';
import type { SealedField } from '../privacy/sealed-field.ts';
import type { NewMatch, RequestContent, Timer, VisitField } from './request-types.ts';

/** Who goes out in a wave, decided by the engine and already reserved; see `wave-service.ts`. */
export interface SentWave {
  readonly matches: readonly NewMatch[];
  readonly closesAt: Date;
  readonly reached: number;
}

/** Everything that can move a request. Routes, the clock and the engine all speak in these. */
export type Command =
  | {
      readonly name: 'edit';
      readonly content: RequestContent;
      readonly visit: Readonly<Partial<Record<VisitField, SealedField>>>;
    }
  | { readonly name: 'submit'; readonly liveAtOnce: boolean }
  | { readonly name: 'resubmit' }
  | { readonly name: 'approve'; readonly note: string | null }
  | { readonly name: 'return'; readonly reason: ReviewReason; readonly note: string | null }
  | { readonly name: 'reject'; readonly reason: ReviewReason; readonly note: string | null }
  | {
      readonly name: 'send_wave';
      readonly wave: SentWave;
      readonly lapse: boolean;
      readonly by: 'engine' | 'staff';
    }
  | { readonly name: 'stop_waves'; readonly lapse: boolean; readonly retryAt: Date | null }
  | { readonly name: 'wait_for_day'; readonly lapse: boolean; readonly until: Date }
  | {
      readonly name: 'accept';
      readonly helperId: string;
      readonly matchId: string;
      readonly assignmentId: string;
      readonly startsAt: Date | null;
    }
  | {
      readonly name: 'volunteer';
      readonly match: NewMatch;
      readonly assignmentId: string;
      readonly startsAt: Date | null;
    }
  | { readonly name: 'decline'; readonly helperId: string; readonly matchId: string }
  | { readonly name: 'withdraw'; readonly helperId: string; readonly assignmentId: string }
  | { readonly name: 'check_in'; readonly helperId: string; readonly assignmentId: string }
  | { readonly name: 'complete'; readonly helperId: string; readonly assignmentId: string }
  | { readonly name: 'no_show'; readonly assignmentId: string }
  | { readonly name: 'confirm' }
  | { readonly name: 'dispute'; readonly note: string }
  | {
      readonly name: 'settle';
      readonly outcome: 'completed' | 'cancelled' | 'matching';
      readonly note: string | null;
    }
  | { readonly name: 'thank'; readonly text: string }
  | { readonly name: 'cancel'; readonly reason: ClosingReason; readonly note: string | null }
  | { readonly name: 'give_up'; readonly note: string | null }
  | { readonly name: 'take_over' }
  | { readonly name: 'reopen' }
  | { readonly name: 'merge' }
  | { readonly name: 'note_reveal'; readonly readerRole: 'helper' | 'staff' }
  | { readonly name: 'time_passed'; readonly timer: Timer };

export type CommandName = Command['name'];
export type CommandOf<N extends CommandName> = Extract<Command, { readonly name: N }>;
