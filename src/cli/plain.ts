/** Text from the CRM, from people and from models on a terminal (T2): what would move its cursor or turn its letters is shown. */

/** Controls, and what changes the direction of what follows. */
const dangerous = /[\p{Cc}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

export function plain(text: string): string {
  return text.replaceAll(/\s*[\r\n\t]+\s*/g, " ").replaceAll(dangerous, "\u{fffd}");
}
