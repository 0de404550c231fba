/** Where a step stands in its flow's file, for what is only known once the file is read. Pure. */

/** Of the step's `id`; line 1 where it stands in another file, or the whole flow is meant. */
export function stepPlace(step: string | null, text: string): { line: number; column: number } {
  if (step === null) return { line: 1, column: 1 };
  const lines = text.split("\n");
  const found = new RegExp(`(^|[\\s{,-])id:\\s*["']?${step}\\b`);
  const index = lines.findIndex((line) => found.test(line));
  return index === -1 ? { line: 1, column: 1 } : { line: index + 1, column: (lines[index] ?? "").indexOf("id:") + 1 };
}
