/** Timestamps of RFC 3339 in the profile of https://states-language.net/spec.html: an upper-case T, and Z or an offset. */

const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; null where it is none. */
export function readTimestamp(text: string): number | null {
  const at = pattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

export function writeTimestamp(at: number): string {
  return new Date(at).toISOString();
}
