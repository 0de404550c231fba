/** Pictures and files in messages: drawn with their words, opened large, never fetched from elsewhere. */
import { describe, expect, test } from "vitest";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const ADDRESS = "/sandbox/files/F1/graph.png";

function graph(parts: Record<string, unknown> = {}): unknown {
  const title = { type: "plain_text", text: "renewal_management 2.0" };
  return {
    type: "image",
    block_id: "graph",
    slack_file: { id: "F1" },
    alt_text: "Graph: fetch, then assess",
    title,
    ...parts,
  };
}

describe("are pictures drawn, and large when asked?", () => {
  test("Enter opens it, Escape closes it and leads back; the thread beside stays open", async () => {
    at.server.data.pictures[ADDRESS] = PNG;
    const card = at.add({ text: "card", replyCount: 1 });
    at.add({ minutes: 1, text: "graph", threadTs: card.ts, blocks: [graph()], images: { F1: ADDRESS } });
    await at.open(`#/c/revops/${card.ts}`);
    const thread = at.page.getByRole("complementary", { name: "Thread" });
    const small = thread.getByRole("button", { name: "Graph: fetch, then assess. Open large." });
    await small.focus();
    await at.page.keyboard.press("Enter");
    const large = at.page.getByRole("dialog", { name: "renewal_management 2.0" });
    await large.getByAltText("Graph: fetch, then assess").waitFor();
    await at.page.keyboard.press("Escape");
    await expect.poll(() => large.count()).toBe(0);
    expect(await isFocused(small)).toBe(true);
    expect(await thread.count()).toBe(1);
  });

  test("a shared picture and a shared table, with title and size", async () => {
    at.server.data.pictures[ADDRESS] = PNG;
    const file = { id: "F1", title: "Timeline", altText: "Timeline of the execution", sizeBytes: 70, url: ADDRESS };
    const sheet = { ...file, id: "F2", name: "audit.csv", title: "", mimetype: "text/csv", sizeBytes: 9_120 };
    const shared = at.add({
      files: [
        { ...file, name: "timeline.png", mimetype: "image/png" },
        { ...sheet, url: "/sandbox/files/F2/audit.csv" },
        { ...sheet, name: "evil.csv", url: "//evil.example/x" },
      ],
    });
    await at.open();
    const message = at.messageAt(shared.ts);
    await message.getByRole("button", { name: "Timeline of the execution. Open large." }).click();
    await at.page.getByRole("dialog", { name: "Timeline" }).getByRole("button", { name: "Close picture" }).click();
    expect(await message.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")))).toEqual([
      "/sandbox/files/F2/audit.csv",
    ]);
    expect(await message.textContent()).toContain("audit.csv9 kB");
  });

  test("what lies elsewhere is told in words and not fetched", async () => {
    const asked: string[] = [];
    at.page.on("request", (request) => asked.push(request.url()));
    const shown = at.add({
      text: "x",
      blocks: [
        graph({ slack_file: undefined, image_url: "https://elsewhere.example/track.png" }),
        {
          type: "context",
          elements: [{ type: "image", image_url: "https://elsewhere.example/t.png", alt_text: "Logo" }],
        },
      ],
      images: { F1: "https://elsewhere.example/files.png" },
    });
    await at.open();
    await at.messageAt(shown.ts).getByText("Picture: Graph: fetch, then assess").waitFor();
    await at.messageAt(shown.ts).getByText("Picture: Logo").waitFor();
    expect(asked.filter((url) => url.includes("elsewhere"))).toEqual([]);
  });

  test("the end stays in sight when a picture arrives late", async () => {
    at.server.data.pictures[ADDRESS] = PNG;
    for (let index = 0; index < 40; index += 1) at.add({ minutes: index, text: `line ${index}` });
    const shown = at.add({ minutes: 50, text: "x", blocks: [graph()], images: { F1: ADDRESS } });
    await at.open();
    await at.messageAt(shown.ts).getByRole("img").waitFor();
    const list = at.page.getByRole("log");
    await list.evaluate((element) => element.style.setProperty("font-size", "30px"));
    await expect
      .poll(() => list.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop))
      .toBeLessThan(2);
  });
});
