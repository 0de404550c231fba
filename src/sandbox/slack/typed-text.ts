/** What Slack makes of what a person types: three escapes, then links and mentions in its own brackets. Pure. */

export interface Mentionable {
  /** Without `@` or `#`. */
  name: string;
  id: string;
}

/** `&lt;!channel&gt;` is what a typed `<!channel>` becomes: nobody can type a token of Slack's (T2). */
export function escapeTyped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const ADDRESS = "https?://[^\\s<>|]+";
const MAIL = "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+";
const DOMAIN = "(?<![\\w@.-])(?:[a-z0-9-]+\\.)+(?:com|net|org|io|dev|app|ai|co)(?![\\w.-])";

/** Escaped, with `@Name`, `#channel`, addresses and mail addresses as Slack sends them. */
export function typedMessage(text: string, people: readonly Mentionable[], channels: readonly Mentionable[]): string {
  const pattern = new RegExp(
    [ADDRESS, MAIL, mentionPattern("@", people), mentionPattern("#", channels), DOMAIN].join("|"),
    "gi",
  );
  return escapeTyped(text).replaceAll(pattern, (found) => replacement(found, people, channels));
}

function replacement(found: string, people: readonly Mentionable[], channels: readonly Mentionable[]): string {
  if (found.startsWith("@")) return `<@${idOf(found, people)}>`;
  if (found.startsWith("#")) return `<#${idOf(found, channels)}|${found.slice(1).toLowerCase()}>`;
  if (/^https?:/i.test(found)) return `<${found}>`;
  return found.includes("@") ? `<mailto:${found}|${found}>` : `<http://${found}|${found}>`;
}

function idOf(found: string, candidates: readonly Mentionable[]): string {
  const name = found.slice(1).toLowerCase();
  return candidates.find((candidate) => escapeTyped(candidate.name).toLowerCase() === name)?.id ?? "";
}

/** Longest name first, so that "Dana Reyes" isn't read as "Dana". Nobody to mention: a pattern that never matches. */
function mentionPattern(sign: string, candidates: readonly Mentionable[]): string {
  const names = candidates
    .map(({ name }) => escapeTyped(name))
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return names.length === 0 ? "(?!)" : `(?<![\\w&;])${sign}(?:${names.join("|")})(?!\\w)`;
}
