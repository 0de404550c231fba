/** How sentences of an explanation are put together. */

/** "Dana Reyes or a RevOps lead". */
export function either(names: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names);
}

/** "notify and book". */
export function both(names: readonly string[]): string {
  return new Intl.ListFormat("en").format(names);
}

/** To stand within another sentence. */
export function unended(sentence: string): string {
  return sentence.replace(/\.\s*$/, "");
}
