/**
 * Which figures a text says, and whether code gave them: a model may repeat a figure, round it or write it as a per cent,
 * and may bring none of its own. Days count by day and month. Fractions in words ("half") aren't read.
 */
import type { Json } from "../../flow/json.ts";

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Whole words with a capital: "may" and "separate" are none. */
const months =
  "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?";
const isoDay = /\b(\d{4})-(\d{2})-(\d{2})\b/g;
const isoMonth = /\b(\d{4})-(\d{2})\b/g;
const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(${months})\\b`, "g");
const monthFirst = new RegExp(`\\b(${months})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?![\\d,.]*\\d)`, "g");
const amount = /(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*(%|per ?cent\b)|(k|m)\b|\s+(thousand|million)\b)?/gi;

const words: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
};
const word = new RegExp(`\\b(${Object.keys(words).join("|")})\\b(?:\\s*(%|per ?cent\\b))?`, "gi");

interface Figure {
  /** As it stands in the text. */
  said: string;
  /** `12-14`, or null for an amount. */
  day: string | null;
  amount: number;
  /** Behind the point, as written. */
  decimals: number;
  unit: number;
  isPercent: boolean;
}

export interface KnownFigures {
  amounts: ReadonlySet<number>;
  days: ReadonlySet<string>;
}

/** All that stands in a document of code's own: numbers, and figures in its sentences. */
export function knownFigures(facts: Json): KnownFigures {
  const amounts = new Set<number>();
  const days = new Set<string>();
  const look = (json: Json): void => {
    if (typeof json === "number") amounts.add(Math.abs(json));
    else if (typeof json === "string")
      for (const figure of figuresIn(json)) {
        if (figure.day === null) amounts.add(figure.amount * figure.unit);
        else days.add(figure.day);
      }
    else if (json !== null && typeof json === "object") Object.values(json).forEach(look);
  };
  look(facts);
  return { amounts, days };
}

/** As they stand in the text. */
export function unknownFigures(text: string, known: KnownFigures): string[] {
  return figuresIn(text)
    .filter((figure) => !isKnown(figure, known))
    .map(({ said }) => said.trim());
}

function isKnown({ day, amount: said, decimals, unit, isPercent }: Figure, { amounts, days }: KnownFigures): boolean {
  if (day !== null) return days.has(day);
  if (amounts.has(said * unit)) return true;
  const written = said.toFixed(decimals);
  return [...amounts].some((one) => {
    if (isPercent) return one <= 2 && (one * 100).toFixed(decimals) === written;
    return (unit > 1 || decimals > 0) && (one / unit).toFixed(decimals) === written;
  });
}

function figuresIn(original: string): Figure[] {
  // Full-width digits become plain ones; digits of other scripts can't be compared.
  let text = original.normalize("NFKC");
  const found: Figure[] = [];
  const take = (pattern: RegExp, read: (match: string[]) => Partial<Figure>[]): void => {
    text = text.replaceAll(pattern, (...match: string[]) => {
      const said = match[0] ?? "";
      found.push(...read(match).map((part) => ({ said, ...plain, ...part })));
      return " ";
    });
  };
  take(isoDay, ([, year = "", month = "", day = ""]) => [{ day: `${month}-${day}` }, { amount: Number(year) }]);
  take(isoMonth, ([, year = ""]) => [{ amount: Number(year) }]);
  take(dayFirst, ([, day = "", month = ""]) => [{ day: dayOf(month, day) }]);
  take(monthFirst, ([, month = "", day = ""]) => [{ day: dayOf(month, day) }]);
  take(amount, ([, digits = "", percent, suffix, scale]) => [
    {
      amount: Number(digits.replaceAll(",", "")),
      decimals: digits.split(".")[1]?.length ?? 0,
      unit: unitOf(suffix ?? scale),
      isPercent: percent !== undefined,
    },
  ]);
  take(word, ([, name = "", percent]) => [
    { amount: words[name.toLowerCase()] ?? 0, isPercent: percent !== undefined },
  ]);
  take(/\p{Nd}+/gu, () => [{ amount: Number.NaN }]);
  return found;
}

const plain: Omit<Figure, "said"> = { day: null, amount: 0, decimals: 0, unit: 1, isPercent: false };

function unitOf(suffix: string | undefined): number {
  if (suffix === undefined) return 1;
  return suffix.toLowerCase().startsWith("m") ? 1_000_000 : 1_000;
}

function dayOf(month: string, day: string): string {
  const number = monthNames.indexOf(month.slice(0, 3)) + 1;
  return `${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
}
