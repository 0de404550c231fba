/** What the crowd does at the page: looks for its cards, opens forms, and then all presses at the same time. */
import { expect } from "vitest";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import type { PageMessage } from "../../src/sandbox/page-api.ts";
import type { SandboxUser } from "../../src/sandbox/sandbox.ts";
import type { Answer, Page } from "../sandbox/sandbox-harness.ts";
import { at, customerNames, everybody, flows, idOf, leads, outsiders, ownerOf, requester } from "./crowd.ts";

/** The rate limits of Slack's stand-in are Slack's, so cards and their edits take minutes. */
export const patient = { timeout: 400_000, interval: 500 };

/** On these a lead has the form for a rejection open when the crowd comes. */
export const contested = range(80, 90);
/** On these the owner has, and nobody who may approve comes. */
export const refusedByOwner = range(90, 100);

export interface Crowd {
  page: Page;
  /** By customer. */
  cards: PageMessage[];
}

interface Form {
  as: SandboxUser;
  viewId: string;
}
/** By card. */
export type Forms = Map<number, Form>;

export async function startFlows(page: Page): Promise<void> {
  for (const { flowId, channel } of flows) {
    const said = { as: idOf(requester), channel: await page.channel(channel), text: `/revops run ${flowId}` };
    expect(await page.say(said)).toEqual({ ok: true });
  }
}

export async function allCards(page: Page): Promise<PageMessage[]> {
  const find = async () => {
    const messages = (await channelMessages(page)).filter(isOpen);
    return customerNames.flatMap((name) => messages.find((message) => isAbout(message, name)) ?? []);
  };
  await expect.poll(async () => (await find()).length, patient).toBe(customerNames.length);
  return find();
}

/** Before the crowd comes. */
export async function openForms(crowd: Crowd): Promise<Forms> {
  const forms: Forms = new Map();
  for (const index of [...contested, ...refusedByOwner]) {
    const as = contested.includes(index) ? at(leads, index) : ownerOf(index);
    expect(await press(crowd, { as, index, actionId: actionIds.reject })).toEqual({ ok: true });
    await expect.poll(() => crowd.page.view(idOf(as))).not.toBeNull();
    forms.set(index, { as, viewId: (await crowd.page.view(idOf(as)))?.id ?? "" });
  }
  return forms;
}

/** What one person does at one card. */
interface Act {
  as: SandboxUser;
  answers: () => Promise<Answer>[];
}

/** Everybody at once, each from the first card to the last: so they meet at each card. */
export async function actAll(crowd: Crowd, forms: Forms): Promise<Answer[]> {
  const all = customerNames.flatMap((_, index) => actsAt(crowd, forms, index));
  const answers = everybody.map(async (person) => {
    const own: Answer[] = [];
    for (const act of all.filter(({ as }) => as === person)) own.push(...(await Promise.all(act.answers())));
    return own;
  });
  return (await Promise.all(answers)).flat();
}

/** Slack's own word to whoever presses what has just gone from the card: the app never hears of it. */
export const gone = { ok: false, error: "The message has changed and this is no longer there." };

function actsAt(crowd: Crowd, forms: Forms, index: number): Act[] {
  const form = forms.get(index);
  const approvers = [ownerOf(index), at(leads, index + 1), at(leads, index + 3)];
  const pressing = [
    ...(refusedByOwner.includes(index) ? [] : approvers),
    // One person alone would be at it for longer than all others together.
    ...(index % 3 === 0 ? [requester] : []),
    at(outsiders, index),
  ];
  const doubleClicks = pressing.map((as) => {
    const click = () => press(crowd, { as, index, actionId: actionIds.approve });
    return { as, answers: () => [click(), click()] };
  });
  const outsider = at(outsiders, index + 7);
  const reject = () => [press(crowd, { as: outsider, index, actionId: actionIds.reject })];
  const submit = form === undefined ? [] : [{ as: form.as, answers: () => [submitReason(crowd, form)] }];
  return [...submit, ...doubleClicks, { as: outsider, answers: reject }];
}

function press(crowd: Crowd, parameters: { as: SandboxUser; index: number; actionId: string }): Promise<Answer> {
  const { as, index, actionId } = parameters;
  return crowd.page.press({ as: idOf(as), message: at(crowd.cards, index), actionId });
}

function submitReason({ page }: Crowd, { as, viewId }: Form): Promise<Answer> {
  const values = { reason: { reason: { type: "plain_text_input", value: "Not now." } } };
  return page.post("view-submit", { as: idOf(as), viewId, values });
}

/** Customers whose card still asks, or lacks something that its approval caused. */
export async function undone({ page, cards }: Crowd): Promise<string[]> {
  const messages = await channelMessages(page);
  return customerNames.filter((_, index) => {
    const { channel, ts } = at(cards, index);
    const card = messages.find((message) => message.channel === channel && message.ts === ts);
    if (card === undefined || !card.text.startsWith("Approved by ")) return !card?.text.startsWith("Rejected by ");
    return JSON.stringify(card.blocks).match(/Done: /g)?.length !== 3;
  });
}

/** By person, what they alone were told. */
export async function toldPrivately(page: Page): Promise<Map<string, string[]>> {
  const told = new Map(everybody.map((person): [string, string[]] => [idOf(person), []]));
  for (const { channel } of flows) {
    const id = await page.channel(channel);
    for (const [person, texts] of told) {
      const seen = await page.messages(id, person);
      texts.push(...seen.filter(({ ephemeralFor }) => ephemeralFor === person).map(({ text }) => text));
    }
  }
  return told;
}

/** For everybody, and no answer to another message. */
async function channelMessages(page: Page): Promise<PageMessage[]> {
  const messages = flows.map(async ({ channel }) => page.messages(await page.channel(channel), idOf(requester)));
  return (await Promise.all(messages))
    .flat()
    .filter(({ ephemeralFor, threadTs }) => ephemeralFor === null && threadTs === null);
}

function isOpen({ blocks }: PageMessage): boolean {
  return JSON.stringify(blocks).includes(`"${actionIds.approve}"`);
}

function isAbout({ blocks }: PageMessage, name: string): boolean {
  return JSON.stringify(blocks).includes(name);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
