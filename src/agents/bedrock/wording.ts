/** What is wrong with a model's words: figures of its own, ways to somewhere else, too many of them. */
import { cleanText } from "./clean-text.ts";
import { type KnownFigures, unknownFigures } from "./figures.ts";

/** Links, mail addresses and Slack's mentions: these come from configuration and the CRM alone (E3). */
const pointer = /\w+:\/\/|\bwww\.|\S@\S|<[!@#]|\bmailto:/i;

export interface Wording {
  /** Where it stands, for the model that has to put it right. */
  place: string;
  text: string;
  /** Characters. */
  most: number;
  known: KnownFigures;
  /** A name that may hold digits: said whole, it is no figure. */
  name: string | null;
}

export function wordingProblems({ place, text, most, known, name }: Wording): string[] {
  const figures = unknownFigures(name === null || name === "" ? text : text.replaceAll(name, " "), known);
  return [
    ...(text === "" ? [`${place} is empty.`] : []),
    ...(text.length > most ? [`${place} is longer than ${most} characters.`] : []),
    ...(pointer.test(text) ? [`${place} holds a link or an address.`] : []),
    ...(figures.length > 0 ? [`${place} says ${figures.join(", ")}, which no fact says.`] : []),
  ];
}

/** Before it is checked: what can't be seen must not hide a figure. One more than `most`, so that too much is noticed. */
export function tidied(text: string, most: number): string {
  return cleanText(text, most + 1);
}
