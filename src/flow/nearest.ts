/** The nearest right name for a wrong one, or nothing where any guess would be far-fetched. */
import { distance } from "fastest-levenshtein";

/** Longer words are pasted text, not slips of a finger. */
const maxLength = 100;

export function nearest(word: string, candidates: Iterable<string>): string | null {
  const typed = word.trim().toLowerCase();
  if (typed === "" || typed.length > maxLength) return null;
  let best: { candidate: string; edits: number } | null = null;
  let longer: string | null = null;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const edits = editsBetween(typed, name);
    if (edits <= Math.max(1, typed.length / 3) && edits < name.length && (best === null || edits < best.edits)) {
      best = { candidate, edits };
    }
    if (isBeginning(typed, name) && (longer === null || candidate.length < longer.length)) longer = candidate;
  }
  return best?.candidate ?? longer;
}

/** A single letter begins too many names to be a hint. */
function isBeginning(typed: string, name: string): boolean {
  return typed.length >= 2 && name.startsWith(typed);
}

/** Levenshtein, but two neighbouring letters swapped (rnu for run) are one slip, not two. */
function editsBetween(typed: string, name: string): number {
  let edits = distance(typed, name);
  for (let index = 0; index + 1 < typed.length && edits > 1; index++) {
    const swapped = typed.slice(0, index) + typed.charAt(index + 1) + typed.charAt(index) + typed.slice(index + 2);
    edits = Math.min(edits, distance(swapped, name) + 1);
  }
  return edits;
}
