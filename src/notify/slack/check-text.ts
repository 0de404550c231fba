/** Lengths and counts against their limits, said in words. */

/** Slack refuses an empty text as it refuses one that is too long. */
export function within(name: string, text: string, most: number): string[] {
  if (text.length === 0) return [`${name} is empty`];
  return text.length > most ? [`${name} has ${text.length} characters, ${most} allowed`] : [];
}

export function atMost(name: string, items: readonly unknown[], most: number): string[] {
  if (items.length === 0) return [`${name} holds nothing`];
  return items.length > most ? [`${name} holds ${items.length}, ${most} allowed`] : [];
}

export function problemsIn(place: string, problems: readonly string[]): string[] {
  return problems.map((problem) => `${place}: ${problem}`);
}
