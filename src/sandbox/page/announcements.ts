/** What a screen reader says of new messages: one sentence for all that came in a short while. Pure. */

export interface Announcement {
  author: string;
  text: string;
}

const LONGEST = 200;

export function announcementText(news: readonly Announcement[]): string {
  const last = news.at(-1);
  if (last === undefined) return "";
  const said = `${last.author}: ${shortened(last.text)}`;
  return news.length === 1 ? said : `${news.length} new messages. Last, ${said}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
