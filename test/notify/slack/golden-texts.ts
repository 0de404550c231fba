/** Texts that come from outside and are hard on a layout: the shortest, the longest, other directions, emoji, Slack's own marks. */
export const hostileTexts: Readonly<Record<string, string>> = {
  "one character": "x",
  "4,000 characters": "Nordlys Facility Services and Temporary Staffing Cooperative ".repeat(66).slice(0, 4000),
  "4,000 characters without a space": "x".repeat(4000),
  Hebrew: "קבוצת הרדוף 2000 בע״מ",
  Arabic: "شركة الواحة للتجارة (2026)",
  emoji: "👩‍👧‍👦 Familie ❤️ & Söhne 🏳️‍🌈",
  "4,000 emoji": "👩‍👧‍👦".repeat(500),
  "a call to all": "<!channel> <!here> <@U01> <https://evil.example|click> @everyone",
  "Slack's marks": "*bold* _soft_ ~gone~ `code` > quote\n• row\n1. one & <b>two</b>",
  "entities that were escaped before": "&lt;!channel&gt; &amp;amp; &",
  "a turned line": "safe\u202Egnp.exe\u2066 and back\u0000",
  blank: " \n\t ",
};
