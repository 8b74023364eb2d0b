import type { NotificationKind } from './shared/vocabulary.ts';

/** A sentence for somebody, decided where the state changes; the relay only delivers it. */
export interface Notice {
  readonly to: { readonly accountIds: readonly string[] } | { readonly role: 'staff' };
  readonly kind: NotificationKind;
  readonly link: string;
  /** Keys and numbers only. Never a name, a place, a phone. */
  readonly params: Readonly<Record<string, string | number>>;
  /** Shown in the list, no sound and no message outside the app. */
  readonly silent?: boolean;
  /** Which channels besides the list: by default socket; critical and high offers every live channel. */
  readonly urgent?: boolean;
}

/** One entry of a document's outbox, written in the same conditional write as the change it tells. */
export interface OutboxEvent {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly notices: readonly Notice[];
  /** What records must follow (matches, assignments, loads); read by the feature that owns the document. */
  readonly follow: Readonly<Record<string, unknown>>;
}

/** Documents with an outbox, seen by the relay. The owner of the document implements it. */
export interface OutboxSource {
  readonly name: string;
  /** Documents whose outbox is not empty, oldest first. */
  pending(limit: number): Promise<readonly OutboxDocument[]>;
  /** The document, at least as new as the write that was last told of in this process. */
  read(documentId: string): Promise<OutboxDocument | undefined>;
  /** Makes matches, assignments and loads follow. Idempotent by event id; called before notices go out. */
  follow(document: OutboxDocument, event: OutboxEvent): Promise<void>;
  /** Removes delivered events, which stand in the document as given; does not change the document's `version`. */
  clear(document: OutboxDocument, eventIds: readonly string[]): Promise<void>;
  /** People to tell `help-request:changed`, and whether the board changed. */
  audience(document: OutboxDocument): {
    readonly accountIds: readonly string[];
    readonly staff: boolean;
    readonly board: boolean;
  };
}

export interface OutboxDocument {
  readonly id: string;
  readonly communityId: string;
  readonly status: string;
  readonly version: number;
  readonly outbox: readonly OutboxEvent[];
}

/** The relay as the owners of outboxes see it: "I wrote, please look". Never throws, never awaited by a command. */
export interface RelayKick {
  kick(sourceName: string, documentId: string): void;
}
