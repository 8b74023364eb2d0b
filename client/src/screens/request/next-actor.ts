import type { HelpRequestView } from '../../../../src/shared/api-types.ts';
import { hasText, t } from '../../i18n/i18n.svelte.ts';
import { momentWords } from '../../i18n/when.svelte.ts';
import { isComing, isWaiting } from '../../request-look.ts';

const OWN = new Set(['author', 'beneficiary', 'proxy']);

/** Whether the reader asked for it, or acts for who did. */
export function isOwn({ relation }: Pick<HelpRequestView, 'relation'>): boolean {
  return relation.some((one) => OWN.has(one));
}

/** Whether the reader has promised to come. */
export function isHelping({ relation }: Pick<HelpRequestView, 'relation'>): boolean {
  return relation.includes('accepted_helper');
}

/** Whether it is the reader who acts now. */
export function isReadersTurn(request: HelpRequestView): boolean {
  // Thanks may still be given, but nobody has to do anything any more.
  if (request.status === 'completed') return false;
  const { who } = request.nextAction;
  return (who === 'author' && isOwn(request)) || (who === 'helpers' && isHelping(request));
}

/** Nobody answered, or nobody fits: the search waits for a person at the centre. */
function isWithCentre({ status, nextAction }: HelpRequestView): boolean {
  return (status === 'open' || status === 'matching') && nextAction.who === 'staff';
}

/** Who acts now, as a sentence to this reader. */
export function nextSentence(request: HelpRequestView): string {
  const { status } = request;
  if (isOwn(request)) {
    if (isWithCentre(request)) return t('request.now.author.needs_person');
    const name = (request.helpers ?? []).map(({ displayName }) => displayName).join('、');
    return t(`request.now.author.${status}`, { name: name === '' ? t('words.neighbour') : name });
  }
  const helping = `request.now.helper.${status}`;
  if (isHelping(request) && hasText(helping)) return t(helping);
  if (isWaiting(request)) return t('request.now.other.waiting');
  if (isComing(request)) return t('request.now.other.coming');
  return request.nextAction.who === 'staff' ? t('request.now.other.staff') : t('request.now.other.over');
}

/** By when, and what happens if nobody acts; nothing when there is no deadline. */
export function nextConsequence({ nextAction, status }: HelpRequestView): string | undefined {
  const { dueAt, ifLate } = nextAction;
  if (dueAt === null || ifLate === 'none' || status === 'completed') return undefined;
  return t('words.ifNotBy', { when: momentWords(dueAt), then: t(`words.late.${ifLate}`) });
}
