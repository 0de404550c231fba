/** What ninety days of cards and messages come to for each account manager, as docs/cases.md shows it. */
import type { HoldReason } from "../../src/flow/hold.ts";

export interface Alert {
  customerId: string;
  day: number;
  score: number;
}

export interface Message {
  customerId: string;
  isSent: boolean;
  /** Why it had to wait, or was not sent. */
  held: HoldReason[];
}

export interface Lived {
  alerts: Alert[];
  /** `customer/day`: a card waited for its answer, or a message for the morning. */
  waiting: Set<string>;
  messages: Message[];
}

interface Lives {
  without: Lived;
  withCases: Lived;
  governed: Lived;
}

/** The customers of the simulation are `c-00` to `c-95`, dealt out in turn. */
const ownerOf = (customerId: string) => Number(customerId.slice(2)) % 8;

type Table = Record<string, number | string>[];

/** Of each account manager, and of all, under the headings of docs/cases.md. */
export function tables({ without, withCases, governed: both }: Lives): { cards: Table; messages: Table } {
  const owners = [...Array.from({ length: 8 }, (_, owner) => owner), null];
  const parts = owners.map((owner) => {
    const isTheirs = ({ customerId }: { customerId: string }) => owner === null || ownerOf(customerId) === owner;
    const name = { "account manager": owner === null ? "all" : owner + 1 };
    const cards = (life: Lived) => life.alerts.filter(isTheirs).length;
    const messages = (life: Lived) => life.messages.filter(isTheirs);
    const sent = messages(both).filter(({ isSent }) => isSent);
    const unsent = messages(both).filter(({ isSent }) => !isSent);
    const because = (reason: HoldReason) => unsent.filter(({ held }) => held.at(-1) === reason).length;
    return {
      cards: {
        ...name,
        "cards without cases": cards(without),
        "with cases": cards(withCases),
        "with cases and governor": cards(both),
      },
      messages: {
        ...name,
        "messages without cases": messages(without).length,
        "with cases": messages(withCases).length,
        "with cases and governor": sent.length,
        "of these in the morning": sent.filter(({ held }) => held.length > 0).length,
        "not sent: their limit": because("person_limit"),
        "not sent: the customer's limit": because("account_limit"),
        "not sent: do not contact": because("do_not_contact"),
      },
    };
  });
  return { cards: parts.map(({ cards }) => cards), messages: parts.map(({ messages }) => messages) };
}

export function asText(table: Table): string[][] {
  return table.map((row) => Object.values(row).map((cell) => cell.toLocaleString("en-US")));
}
