/** Does a report say what a message says, rather than how Slack wants it written? */
import { expect, it } from "vitest";
import { effectWords } from "../../src/simulation/effect-words.ts";

it.each([
  ["Baxter, Cole &amp; Partners *renews*", "message: Baxter, Cole & Partners renews"],
  ["&lt;!channel&gt;", "message: <!channel>"],
  ["typed: &amp;lt;", "message: typed: &lt;"],
])("a message of %s", (text, what) => {
  const to = { kind: "channel", channel: "#revops" } as const;
  expect(effectWords({ kind: "slack_message", to, text })).toEqual({ kind: "slack_message", to: ["#revops"], what });
});
