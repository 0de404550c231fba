/**
 * Which customers a question names: by id, by name, by the beginning of a name ("Acme" for Acme Robotics), else by a slip of a
 * finger. Pure; customers are looked at page by page, and none is kept that can't be meant.
 */
import { distance } from "fastest-levenshtein";
import type { Customer } from "../../flow/customer.ts";

export interface NamedCustomers {
  /** The best ones; several: the question doesn't tell them apart. */
  customers: Customer[];
  /** The question's word, where it is near to a name and none. */
  takenFor: string | null;
  /** There are more that fit as well. */
  isCut: boolean;
}

const mostNamed = 5;
/** Of a question's words, those that are compared letter by letter. */
const mostCompared = 16;
/** Shorter words are near to too many. */
const shortestNear = 4;

/** Words of questions: as such they name nobody, unless a whole name is made of them. */
const ordinary: ReadonlySet<string> = new Set(
  `a about account accounts active after again against all also am an and any are as ask at be been before but by can case champion
  churn client clients coming company could customer customers date day days deal did do does doing done due each end ends expire
  expires explain first flow flows for from get give go going group had happen happened has have health help her him his history
  how i if in inc into is it its just know last latest let like likely list ltd made manager manages many may me mine month months
  more most much my name near need new next no not notice now of off on one open or order our out over overdue own owner owns past
  pending people please quarter reason recently renew renewal renewals renewed renewing renews review risk risks risky run runs
  same say sent service services shall she should show since so some soon start started state status still support team tell than
  that the their them then there these they this those ticket tickets time to today tomorrow too up update us usage value wait
  waiting waits want was we week weeks were what when where which who whom whose why will with work works would year yesterday you
  your january february march april may june july august september october november december monday tuesday wednesday thursday
  friday saturday sunday`.split(/\s+/),
);

/** How well a customer fits; what lies lower counts only where nothing lies higher. */
const tiers = { id: 4, name: 3, beginning: 2, near: 1 } as const;

export class NameSearch {
  readonly #words: string[];
  readonly #asked: ReadonlySet<string>;
  readonly #telling: ReadonlySet<string>;
  readonly #compared: string[];
  #best = { tier: 0, length: 0 };
  #found: { customer: Customer; word: string | null }[] = [];

  constructor(question: string) {
    this.#words = wordsOf(question);
    this.#asked = new Set(this.#words);
    const telling = this.#words.filter((word) => !ordinary.has(word));
    this.#telling = new Set(telling);
    this.#compared = [...this.#telling].filter((word) => word.length >= shortestNear).slice(0, mostCompared);
  }

  look(customer: Customer): void {
    const fit = this.#fit(customer);
    if (fit === null) return;
    const { tier, length, word } = fit;
    const order = tier - this.#best.tier || length - this.#best.length;
    if (order < 0) return;
    if (order > 0) this.#found = [];
    this.#best = { tier, length };
    if (this.#found.length <= mostNamed) this.#found.push({ customer, word });
  }

  result(): NamedCustomers {
    const customers = this.#found.slice(0, mostNamed).map(({ customer }) => customer);
    const takenFor = this.#found[0]?.word ?? null;
    return { customers, takenFor, isCut: this.#found.length > mostNamed };
  }

  #fit({ id, name }: Customer): { tier: number; length: number; word: string | null } | null {
    // Most customers are done with after their first word: a book of thousands is looked through for each question.
    if (this.#asked.has(firstWordOf(id))) {
      const idWords = wordsOf(id);
      if (this.#holds(idWords)) return { tier: tiers.id, length: idWords.length, word: null };
    }
    const first = firstWordOf(name);
    if (first === "") return null;
    if (this.#asked.has(first)) {
      const nameWords = wordsOf(name);
      if (this.#holds(nameWords)) return { tier: tiers.name, length: nameWords.length, word: null };
      const length = this.#begun(nameWords);
      if (nameWords.slice(0, length).some((word) => word.length > 1 && this.#telling.has(word)))
        return { tier: tiers.beginning, length, word: null };
    }
    if (this.#best.tier > tiers.near) return null;
    const near = this.#near([first, name.toLowerCase()]);
    return near === null ? null : { tier: tiers.near, length: -near.edits, word: near.word };
  }

  /** As neighbours, in that order. */
  #holds(words: readonly string[]): boolean {
    const [first] = words;
    if (first === undefined) return false;
    return this.#words.some(
      (word, at) => word === first && words.every((one, index) => this.#words[at + index] === one),
    );
  }

  /** How many of a name's first words stand together. */
  #begun(nameWords: readonly string[]): number {
    let length = 1;
    while (length < nameWords.length && this.#holds(nameWords.slice(0, length + 1))) length += 1;
    return length;
  }

  #near(names: readonly string[]): { word: string; edits: number } | null {
    let best: { word: string; edits: number } | null = null;
    for (const word of this.#compared) {
      for (const name of names) {
        const allowed = word.length >= 7 ? 2 : 1;
        if (Math.abs(name.length - word.length) > allowed || name.length < shortestNear) continue;
        const edits = distance(word, name);
        if (edits <= allowed && (best === null || edits < best.edits)) best = { word, edits };
      }
    }
    return best;
  }
}

/** Small letters without accents; "Acme's" is Acme. */
export function wordsOf(text: string): string[] {
  return (
    plain(text)
      .replaceAll(/['’]s\b/g, "")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function firstWordOf(text: string): string {
  return /[\p{L}\p{N}]+/u.exec(plain(text))?.[0] ?? "";
}

function plain(text: string): string {
  const small = text.toLowerCase();
  return /^[ -~]*$/.test(small) ? small : small.normalize("NFKD").replaceAll(/\p{M}/gu, "");
}
