import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import { addWorkingMinutes } from '../communities/community-clock.ts';
import type { Community } from '../communities/community-types.ts';
import type { RelayKick } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import type { MoveContext } from './move-types.ts';
import { planMove } from './plan-move.ts';
import type { Command } from './request-commands.ts';
import { REQUEST_SOURCE, type RequestFollow } from './request-follow.ts';
import { notFound } from './request-policy.ts';
import type { MoveGuard, RequestStore } from './request-store.ts';
import { TRANSITIONS } from './request-transitions.ts';
import type { HelpRequestRecord, StoredCommand, TimelineEntry } from './request-types.ts';

export interface RequestMoverDeps {
  readonly requests: Pick<RequestStore, 'read' | 'move'>;
  readonly follow: Pick<RequestFollow, 'followUp'>;
  readonly relay: RelayKick;
  readonly communities: { get(communityId: string): Promise<Community> };
  readonly clock: Clock;
  readonly newId: NewId;
}

/** One command on one request, from whoever gives it. */
export interface MoveOrder {
  readonly communityId: string;
  readonly requestId: string;
  readonly actorId: string | null;
  readonly actorRole: TimelineEntry['actor'] | ((request: HelpRequestRecord) => TimelineEntry['actor']);
  readonly key?: CommandKey | undefined;
  /** The version that the person saw; another one is refused. */
  readonly seenVersion?: number | undefined;
  /** Policy on the loaded request: throws when this person may not. */
  check?(request: HelpRequestRecord): void;
  /** Worked out anew for every try; null: nothing to do, the present request is the answer. */
  command(request: HelpRequestRecord, context: MoveContext): Command | null | Promise<Command | null>;
  /** Runs after the plan and before the write, for a promise that lives in another document. Throws to stop. */
  reserve?(request: HelpRequestRecord, command: Command): Promise<void>;
}

export interface Moved {
  readonly request: HelpRequestRecord;
  /** False: the command had been carried out before, or there was nothing to do. */
  readonly isNew: boolean;
}

export interface RequestMover {
  move(order: MoveOrder): Promise<Moved>;
  context(
    communityId: string,
    actorId: string | null,
    actorRole: TimelineEntry['actor'],
  ): Promise<MoveContext>;
}

/** Everybody who fails has let somebody else succeed, so this is more than a document ever sees at once. */
const TRIES = 300;

/**
 * Carries out commands: read, check, plan, one conditional write, again if somebody was faster. A repeated command
 * (same key, same person) meets itself in the document and has no second effect; with another body it is
 * `idempotency-key-reused`. After the write the records follow and the relay is kicked.
 */
export function createRequestMover(deps: RequestMoverDeps): RequestMover {
  async function context(
    communityId: string,
    actorId: string | null,
    actorRole: TimelineEntry['actor'],
  ): Promise<MoveContext> {
    const community = await deps.communities.get(communityId);
    return {
      now: deps.clock.now(),
      newId: deps.newId,
      actorId,
      actorRole,
      workingMinutesAfter: (from, minutes) => addWorkingMinutes(community, from, minutes),
    };
  }

  async function tryOnce(order: MoveOrder): Promise<Moved | null> {
    const request = await deps.requests.read(order.communityId, order.requestId);
    if (request === null) throw notFound();
    if (isRepeated(request, order)) return { request, isNew: false };
    order.check?.(request);
    if (order.seenVersion !== undefined && order.seenVersion !== request.version) {
      throw new AppError('version-changed', 'The request has changed meanwhile: read it again, then repeat.');
    }
    const role = typeof order.actorRole === 'function' ? order.actorRole(request) : order.actorRole;
    const moment = await context(order.communityId, order.actorId, role);
    const command = await order.command(request, moment);
    if (command === null) return { request, isNew: false };
    const change = planMove(request, command, moment);
    await order.reserve?.(request, command);
    const written = await deps.requests.move(
      request,
      change,
      guardOf(request, command),
      storedCommand(order),
    );
    if (written === null) return null;
    const following = deps.follow.followUp(written);
    deps.relay.kick(REQUEST_SOURCE, written._id);
    await following;
    return { request: written, isNew: true };
  }

  return {
    context,
    async move(order) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        try {
          const moved = await tryOnce(order);
          if (moved !== null) return moved;
        } catch (refusal) {
          // The same command may have been sent twice at once: the other copy was the faster one.
          const present =
            order.key === undefined ? null : await deps.requests.read(order.communityId, order.requestId);
          if (present === null || !isRepeated(present, order)) throw refusal;
          return { request: present, isNew: false };
        }
      }
      throw new AppError('version-changed', 'The request changes too fast at this moment: please try again.');
    },
  };
}

/** Whether the request has seen this very command; throws when its key stood for something else. */
function isRepeated(request: HelpRequestRecord, { key, actorId }: MoveOrder): boolean {
  if (key === undefined) return false;
  const known = request.commands.find((command) => command.key === key.key && command.actor === actorId);
  if (known !== undefined && known.bodyHash !== key.bodyHash) throw keyReused();
  return known !== undefined;
}

export function keyReused(): AppError {
  return new AppError('idempotency-key-reused', 'This Idempotency-Key was used for another command.');
}

function storedCommand({ key, actorId }: MoveOrder): StoredCommand | undefined {
  if (key === undefined || actorId === null) return undefined;
  return { key: key.key, actor: actorId, bodyHash: key.bodyHash };
}

/** The write itself asks again for what the plan relied on. */
function guardOf(request: HelpRequestRecord, command: Command): MoveGuard {
  const { from } = TRANSITIONS[command.name];
  if (command.name === 'time_passed') return { from, timer: command.timer };
  const helperId =
    command.name === 'accept'
      ? command.helperId
      : command.name === 'volunteer'
        ? command.match.helperId
        : null;
  const isForFreeSlot = helperId !== null && request.taken < request.needed;
  return isForFreeSlot ? { from, freeSlotFor: { helperId, needed: request.needed } } : { from };
}

/** The key of a command bound to its operation, so that one key cannot stand for two different things. */
export function keyFor(operation: string, key: CommandKey | undefined): CommandKey | undefined {
  return key === undefined ? undefined : { key: key.key, bodyHash: `${operation}:${key.bodyHash}` };
}

/** How an actor appears in the timeline of a request. */
export function timelineRole(
  request: HelpRequestRecord,
  actor: Pick<Actor, 'accountId'>,
): TimelineEntry['actor'] {
  const { accountId } = actor;
  if (request.authorId === accountId || request.beneficiaryId === accountId) return 'author';
  return request.offers.some(({ helperId }) => helperId === accountId) ? 'helper' : 'staff';
}
