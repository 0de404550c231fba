/** What is worked out of a text alone, kept: a flow says the same few expressions again and again, each looked at from all sides. */

/** The oldest go first. */
const most = 2_000;

/** `work` is pure; what it gives is never changed. */
export function kept<T extends object | string | number | null>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const given = work(text);
    const oldest = known.keys().next().value;
    if (known.size >= most && oldest !== undefined) known.delete(oldest);
    known.set(text, given);
    return given;
  };
}
