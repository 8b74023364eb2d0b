/**
 * Something the engine was told makes no sense. `field` names the part ("point", "weekly[2].to"),
 * `message` says in one sentence what is expected there. The index is unchanged when this is thrown.
 */
export class MatchingInputError extends Error {
  override readonly name = 'MatchingInputError';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}
