/** What the crowd does at the page: looks for its cards, opens forms, and then all presses at the same time. */
import { expect } from "vitest";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import type { PageMessage } from "../../src/sandbox/page-api.ts";
import type { SandboxUser } from "../../src/sandbox/sandbox.ts";
import type { Answer, Page } from "../sandbox/sandbox-harness.ts";
import { at, customerNames, everybody, flows, idOf, leads, outsiders, ownerOf, requester } from "./crowd.ts";

/** What Slack's rates hold up takes its time. */
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
    await expect.poll(() => crowd.page.view(idOf(as)), { ...patient, interval: 50 }).not.toBeNull();
    forms.set(index, { as, viewId: (await crowd.page.view(idOf(as)))?.id ?? "" });
  }
  return forms;
}

interface Pressing {
  as: SandboxUser;
  index: number;
  actionId: string;
}

/** What one person does at one card. */
interface Act {
  as: SandboxUser;
  tries: () => Promise<Try[]>[];
}

/** A press or a submit, and Slack's answer. */
export interface Try {
  of: "press" | "submit";
  answer: Answer;
}

/** Everybody at once, each from the first card to the last: so they meet at each card. */
export async function actAll(crowd: Crowd, forms: Forms): Promise<Try[]> {
  const all = customerNames.flatMap((_, index) => actsAt(crowd, forms, index));
  const tries = everybody.map(async (person) => {
    const own: Try[] = [];
    for (const act of all.filter(({ as }) => as === person)) own.push(...(await Promise.all(act.tries())).flat());
    return own;
  });
  return (await Promise.all(tries)).flat();
}

/** Slack's own word to whoever presses what has just gone from the card, as it does with each vote: the app never hears of it. */
const gone = "The message has changed and this is no longer there.";
/** Slack's words where the app gave no acknowledgement. */
const unheard = ["operation_timeout", "dispatch_failed", "http_service_error"];
const mostTries = 50;

/** As a person does it: what went unheard is done again, and so is what has just gone from the card, if it still asks. */
async function pressed(crowd: Crowd, { as, index, actionId }: Pressing): Promise<Try[]> {
  const tries: Try[] = [];
  let card: PageMessage | null = at(crowd.cards, index);
  while (card !== null && tries.length < mostTries) {
    const answer = await crowd.page.press({ as: idOf(as), message: card, actionId });
    tries.push({ of: "press", answer });
    if (answer.error === gone) card = await openCard(crowd, card);
    else if (!isUnheard(answer)) break;
  }
  return tries;
}

async function submitted(crowd: Crowd, form: Form): Promise<Try[]> {
  const tries: Try[] = [];
  do tries.push({ of: "submit", answer: await submitReason(crowd, form) });
  while (tries.length < mostTries && isUnheard(tries.at(-1)?.answer));
  return tries;
}

/** As it stands now; null: it asks no more. */
async function openCard({ page }: Crowd, { channel, ts }: PageMessage): Promise<PageMessage | null> {
  const messages = await page.messages(channel, idOf(requester));
  return messages.find((message) => message.ts === ts && isOpen(message)) ?? null;
}

function isUnheard(answer: Answer | undefined): boolean {
  return unheard.includes(answer?.error ?? "");
}

/** What was sent to the app, the forms' own presses too, and how much of it got no acknowledgement; the rest was taken or gone. */
export function countsOf(tries: readonly Try[], forms: Forms): { presses: number; submits: number; unheard: number } {
  const sent = tries.filter(({ answer }) => answer.ok || isUnheard(answer));
  expect(tries.filter((one) => !sent.includes(one)).map(({ answer }) => answer)).toEqual(
    Array.from({ length: tries.length - sent.length }, () => ({ ok: false, error: gone })),
  );
  const submits = sent.filter((one) => one.of === "submit").length;
  return {
    presses: sent.length - submits + forms.size,
    submits,
    unheard: sent.filter(({ answer }) => isUnheard(answer)).length,
  };
}

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
    const click = () => pressed(crowd, { as, index, actionId: actionIds.approve });
    return { as, tries: () => [click(), click()] };
  });
  const outsider = at(outsiders, index + 7);
  const reject = () => [pressed(crowd, { as: outsider, index, actionId: actionIds.reject })];
  const submit = form === undefined ? [] : [{ as: form.as, tries: () => [submitted(crowd, form)] }];
  return [...submit, ...doubleClicks, { as: outsider, tries: reject }];
}

function press(crowd: Crowd, { as, index, actionId }: Pressing): Promise<Answer> {
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
