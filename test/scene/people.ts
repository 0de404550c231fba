/**
 * What people do at the sandbox's page, by the API that the page itself uses. They look before they act, and act again on what
 * still stands there: an app that dies under them answers nothing.
 */
import { z } from "zod";
import { actionIds, decodeApproval, decodeEffect } from "../../src/notify/slack/action-ids.ts";
import type { PageCalendarEvent, PageMail, PageMessage, PageState, PageUser } from "../../src/sandbox/page-api.ts";
import { Page, type Answer } from "../sandbox/sandbox-harness.ts";

/** A card that asks: whom it waits for by name first, and what its buttons carry. */
export interface OpenCard {
  message: PageMessage;
  executionId: string;
  approver: PageUser;
}

export interface OpenDoubt {
  message: PageMessage;
  effectKey: string;
}

const Block = z.object({
  block_id: z.string().optional(),
  text: z.object({ text: z.string() }).optional(),
  elements: z
    .array(z.object({ action_id: z.string().optional(), value: z.string().optional(), text: z.unknown() }))
    .optional(),
});

export class People {
  readonly page: Page;
  readonly #state: PageState;

  private constructor(page: Page, state: PageState) {
    this.page = page;
    this.#state = state;
  }

  static async at(url: string): Promise<People> {
    const page = new Page(url);
    return new People(page, await page.state());
  }

  named(name: string): PageUser {
    const found = this.#state.users.find((user) => user.name === name);
    if (found === undefined) throw new Error(`${name} is nobody in this workspace`);
    return found;
  }

  get lead(): PageUser {
    return this.#titled("RevOps lead");
  }

  /** Of the sandbox's operators, one who approves nothing. */
  get operator(): PageUser {
    return this.#titled("Customer success");
  }

  get outsider(): PageUser {
    return this.#titled("Finance, no approver");
  }

  #titled(title: string): PageUser {
    const found = this.#state.users.find((user) => user.title === title);
    if (found === undefined) throw new Error(`nobody here is ${title}`);
    return found;
  }

  /** Everything that stands in a channel for everybody, threads included. */
  async channel(name: string): Promise<PageMessage[]> {
    return (await this.page.messages(this.#channelId(name), this.lead.id)).filter(
      ({ ephemeralFor }) => ephemeralFor === null,
    );
  }

  /** What was told to that person alone. */
  async toldTo(person: PageUser, channel: string): Promise<string[]> {
    const seen = await this.page.messages(this.#channelId(channel), person.id);
    return seen.filter(({ ephemeralFor }) => ephemeralFor === person.id).map(({ text }) => text);
  }

  async directMessages(person: PageUser): Promise<PageMessage[]> {
    return this.page.messages(await this.page.direct(person.id), person.id);
  }

  async mails(): Promise<PageMail[]> {
    return (await this.page.get<{ mails: PageMail[] }>("mails")).mails;
  }

  async events(): Promise<PageCalendarEvent[]> {
    return (await this.page.get<{ events: PageCalendarEvent[] }>("calendar")).events;
  }

  /** What the page's clock shows, in milliseconds. */
  async clock(): Promise<number> {
    return Date.parse((await this.page.state()).clock.now);
  }

  /** All cards in #renewals, asking or answered. */
  async cards(): Promise<PageMessage[]> {
    return (await this.channel("renewals")).filter(({ threadTs }) => threadTs === null);
  }

  async openCards(): Promise<OpenCard[]> {
    const cards = await this.cards();
    return cards.flatMap((message) => {
      const approval = decodeApproval(buttonValue(message, actionIds.approve) ?? "");
      return approval === null
        ? []
        : [{ message, executionId: approval.executionId, approver: this.#awaited(message) }];
    });
  }

  #awaited({ text }: PageMessage): PageUser {
    const approver = this.#state.users.find(({ name }) => text.includes(`waiting for ${name} or`));
    if (approver === undefined) throw new Error(`nobody here is waited for: ${text}`);
    return approver;
  }

  async openDoubts(): Promise<OpenDoubt[]> {
    const messages = await this.channel("revops");
    return messages.flatMap((message) => {
      const effect = decodeEffect(buttonValue(message, actionIds.sendAgain) ?? "");
      return effect === null ? [] : [{ message, effectKey: effect.effectKey }];
    });
  }

  say(as: PageUser, text: string, channel = "revops"): Promise<Answer> {
    return alive(() => this.page.say({ as: as.id, channel: this.#channelId(channel), text }));
  }

  press(as: PageUser, message: PageMessage, actionId: string): Promise<Answer> {
    return alive(() => this.page.press({ as: as.id, message, actionId }));
  }

  approve({ message, approver }: OpenCard): Promise<Answer> {
    return this.press(approver, message, actionIds.approve);
  }

  /** Through the form that the button opens; one that stands open from before is used. */
  reject({ message, approver }: OpenCard, reason: string): Promise<Answer> {
    return alive(async () => {
      if ((await this.page.view(approver.id)) === null) {
        await this.page.press({ as: approver.id, message, actionId: actionIds.reject });
      }
      const view = await patiently(() => this.page.view(approver.id));
      if (view === null) return { ok: false, error: "no form came" };
      const values = { reason: { reason: { type: "plain_text_input", value: reason } } };
      return this.page.post("view-submit", { as: approver.id, viewId: view.id, values });
    });
  }

  #channelId(name: string): string {
    const found = this.#state.channels.find((channel) => channel.kind === "channel" && channel.name === name);
    if (found === undefined) throw new Error(`no channel ${name}`);
    return found.id;
  }
}

/** What an element of the message carries; null: the message has none of that action. */
export function buttonValue(message: PageMessage, actionId: string): string | null {
  for (const block of message.blocks) {
    const read = Block.safeParse(block);
    const element = read.data?.elements?.find(({ action_id }) => action_id === actionId);
    if (element !== undefined) return element.value ?? "";
  }
  return null;
}

/** A request to an app that dies is answered by nobody. */
async function alive(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof TypeError) return { ok: false, error: "unreachable" };
    throw error;
  }
}

const formMs = 5_000;
const lookMs = 50;

/** What isn't there yet is looked for again; null: it doesn't come. */
async function patiently<T>(look: () => Promise<T | null>): Promise<T | null> {
  const deadline = Date.now() + formMs;
  for (;;) {
    const found = await look();
    if (found !== null || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
