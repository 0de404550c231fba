/**
 * The contact governor: whether an effect that reaches a person may go out now, over all flows (`people` and `limits.contacts`).
 * Asked right before it is sent, so that it holds whatever path led there; what has begun and is held was never sent.
 *
 * - G1. It governs mails, direct messages and invitations of steps. Cards, and the word about a failure, are no contacts.
 * - G2. An invitation is held whole: without one of its guests it isn't the meeting that was approved (A3).
 * - G3. What rests is asked about again when it is due: limits count what goes out, when it does.
 */
import type { ExecutionState, StepEffect } from "../flow/execution.ts";
import { FailureError } from "../flow/failure.ts";
import { type Hold, peopleReached } from "../flow/hold.ts";
import { mailboxOf } from "../flow/mail-address.ts";
import { nextCommonInstant, nextWorkingInstant, restAt, type RestReason } from "../flow/working-time.ts";
import type { EffectResult } from "./command.ts";
import { ContactPlaces, type Wanted } from "./contact-places.ts";
import type { ContactRules } from "./contact-rules.ts";
import type { EngineContext, RunningContext } from "./context.ts";
import { knownZone } from "./known-zone.ts";
import { customersZone } from "./shift.ts";

type Parts = Pick<EngineContext, "store" | "people" | "clock" | "contacts"> & Pick<RunningContext, "definitions">;

interface Asked {
  rules: ContactRules;
  state: ExecutionState;
  effect: StepEffect;
  addresses: readonly string[];
}

export class ContactGovernor {
  readonly #context: Parts;
  readonly #places: ContactPlaces;

  constructor(context: Parts) {
    this.#context = context;
    this.#places = new ContactPlaces(context);
  }

  /** Null: it may go out, and is counted. */
  async holds(state: ExecutionState, effect: StepEffect): Promise<EffectResult | null> {
    const { contacts: rules } = this.#context;
    const addresses = peopleReached(effect.planned.effect);
    if (rules === undefined || addresses.length === 0) return null;
    const asked = { rules, state, effect, addresses };
    try {
      const hold = unwanted(asked) ?? (await this.#resting(asked)) ?? (await this.#overLimit(asked));
      return hold === null ? null : { kind: "held", hold };
    } catch (error) {
      return unknown(error);
    }
  }

  async #resting({ rules, state, addresses }: Asked): Promise<Hold | null> {
    if (!rules.keepsQuiet) return null;
    const { workingTime } = rules;
    const at = this.#context.clock.now();
    const otherwise = customersZone(state);
    const people = await Promise.all(
      addresses.map(async (email) => {
        const timezone = (await knownZone(this.#context.people, email)) ?? otherwise;
        return { email, timezone, rest: restAt(workingTime, { at, timezone }) };
      }),
    );
    if (people.every(({ rest }) => rest === null)) return null;
    const timezones = [...new Set(people.map(({ timezone }) => timezone))];
    const common = nextCommonInstant(workingTime, { at, timezones });
    // Guests who never work at the same time would hold each other up for ever: then it is the first one's day that counts.
    const resting = (common === null ? people.slice(0, 1) : people).find(({ rest }) => rest !== null);
    if (resting === undefined || resting.rest === null) return null;
    const until = common ?? nextWorkingInstant(workingTime, { at, timezone: resting.timezone });
    // So would a calendar without a working day.
    if (until === null || until <= at) return null;
    return { reason: resting.rest.kind, cause: restWords({ ...resting, rest: resting.rest }), until };
  }

  async #overLimit({ rules, state, effect, addresses }: Asked): Promise<Hold | null> {
    const { perPersonPerWeek, perAccountPerWeek } = rules;
    const mailboxes = perPersonPerWeek === null ? [] : [...new Set(addresses.map(mailboxOf))].toSorted();
    const wanted: Wanted[] = mailboxes.map((mailbox) => ({ key: personKey(mailbox), limit: perPersonPerWeek ?? 0 }));
    if (perAccountPerWeek !== null && state.customer !== null)
      wanted.push({ key: accountKey(state.customer.id), limit: perAccountPerWeek });
    if (wanted.length === 0) return null;
    const full = await this.#places.take(wanted, { executionId: state.executionId, effect: effect.key });
    if (full === null) return null;
    const person = addresses.find((address) => personKey(mailboxOf(address)) === full.key);
    const times = `${full.limit} ${full.limit === 1 ? "time" : "times"} in seven days`;
    if (person === undefined) {
      const cause = `People have been reached about ${state.customer?.name ?? "this customer"} ${times}, which is the limit.`;
      return { reason: "account_limit", cause, until: null };
    }
    return { reason: "person_limit", cause: `${person} has been reached ${times}, which is the limit.`, until: null };
  }
}

/** What isn't sent at any time. */
function unwanted({ rules, state, effect, addresses }: Asked): Hold | null {
  const { mailboxes, customers } = rules.doNotContact;
  const person = addresses.find((address) => mailboxes.has(mailboxOf(address)));
  if (person !== undefined) return never("do_not_contact", `${person} is not to be contacted: revops.yml says so.`);
  const { customer } = state;
  if (customer !== null && [customer.id, customer.name].some((name) => customers.has(name.toLowerCase())))
    return never("do_not_contact", `Nobody is to be contacted about ${customer.name}: revops.yml says so.`);
  if (rules.directMessages || effect.planned.effect.kind !== "slack_message") return null;
  return never("direct_messages", "Nobody gets direct messages: revops.yml says so.");
}

function never(reason: Hold["reason"], cause: string): Hold {
  return { reason, cause, until: null };
}

function restWords({ email, timezone, rest }: { email: string; timezone: string; rest: RestReason }): string {
  switch (rest.kind) {
    case "weekend":
      return `It is the weekend for ${email} (${timezone}).`;
    case "holiday":
      return `It is ${rest.name} for ${email} (${timezone}).`;
    case "quiet_hours":
      return `${email} has quiet hours (${timezone}).`;
    default:
      return rest satisfies never;
  }
}

/** Nothing has been sent, so nothing is in doubt. */
function unknown(error: unknown): EffectResult {
  if (error instanceof FailureError)
    return { kind: "failed", failure: error.failure, retryAfterMs: error.retryAfterMs };
  const reason = error instanceof Error ? error.message : String(error);
  const cause = `Whether it may be sent now can't be told: ${reason}`;
  return { kind: "failed", failure: { error: "Agent.Unavailable", cause }, retryAfterMs: null };
}

export function personKey(mailbox: string): string {
  return `contacts/person/${mailbox}`;
}

export function accountKey(customerId: string): string {
  return `contacts/account/${customerId}`;
}
