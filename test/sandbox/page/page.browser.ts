/** Text from outside, the composer: what no unit test can see. */
import { describe, expect, test } from "vitest";
import { LEAD, MANAGER, NOW, REVOPS } from "./fake-data.ts";
import { usePage } from "./page-fixture.ts";

const HOSTILE = `<script>document.title="pwned"</script><img src=x onerror="document.title='pwned'"> <!channel> *`;

const at = usePage();

describe("can text from outside do anything but be read?", () => {
  test("in a message, a plain_text, a rich_text, a button, an unknown block, a name", async () => {
    const shown = at.add({
      text: HOSTILE,
      blocks: [
        { type: "header", text: { type: "plain_text", text: HOSTILE } },
        { type: "section", text: { type: "mrkdwn", text: `<javascript:document.title='pwned'|go> ${HOSTILE}` } },
        {
          type: "rich_text",
          elements: [
            {
              type: "rich_text_section",
              elements: [{ type: "link", url: "javascript:document.title='pwned'", text: "rich" }],
            },
          ],
        },
        {
          type: "actions",
          block_id: "b",
          elements: [
            {
              type: "button",
              action_id: "a",
              url: "javascript:document.title='pwned'",
              text: { type: "plain_text", text: HOSTILE },
            },
          ],
        },
        { type: HOSTILE },
        { type: "section", text: 7, fields: { no: "list" }, accessory: [] },
        null,
      ],
    });
    const plain = at.add({ text: HOSTILE });
    const [first] = at.server.data.state.users;
    if (first !== undefined) first.name = HOSTILE;
    await at.open();
    expect(await at.messageAt(shown.ts).locator("script, img, a").count()).toBe(0);
    expect(await at.messageAt(plain.ts).locator("script, img, a").count()).toBe(0);
    expect(await at.messageAt(shown.ts).getByRole("heading").textContent()).toBe(HOSTILE);
    await at.messageAt(shown.ts).getByRole("button", { name: "script" }).click();
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ actionId: "a" });
    expect(await at.page.title()).toBe("#revops · RevOps Flows sandbox");
  });

  test("in a mail: no script, nothing fetched, its styles kept", async () => {
    at.server.data.mails = [
      {
        id: "m1",
        at: new Date(NOW).toISOString(),
        from: "RevOps Flows <revops@example.com>",
        to: ["dana@example.com"],
        subject: HOSTILE,
        html: `${HOSTILE}<meta http-equiv="refresh" content="0;url=/away"><style>p { color: rgb(1, 2, 3) }</style><p style="font-size: 31px">Agreed</p><img src="/track.png"><form action="/away"><button>Send</button></form>`,
        text: "Agreed",
        headers: [{ name: "Subject", value: HOSTILE }],
      },
    ];
    const asked: string[] = [];
    at.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await at.open("#/inbox/m1");
    const mail = at.page.frameLocator("iframe").getByText("Agreed");
    await expect
      .poll(() => mail.evaluate((p) => p.ownerDocument.defaultView?.getComputedStyle(p).fontSize))
      .toBe("31px");
    expect(await mail.evaluate((p) => p.ownerDocument.defaultView?.getComputedStyle(p).color)).toBe("rgb(1, 2, 3)");
    expect(await at.page.title()).toBe("Inbox · RevOps Flows sandbox");
    await at.page.getByRole("tab", { name: "Headers" }).click();
    expect(await at.page.getByRole("tabpanel").textContent()).toContain(HOSTILE);
    await at.page.keyboard.press("ArrowLeft");
    expect(await at.page.getByRole("tabpanel").textContent()).toBe("Agreed");
    expect(asked.filter((path) => path === "/track.png" || path === "/away")).toEqual([]);
  });
});

describe("does the composer behave?", () => {
  test("Enter sends, Shift+Enter breaks the line, ArrowUp brings it back", async () => {
    await at.open();
    await at.composer().fill("one");
    await at.composer().press("Shift+Enter");
    await at.composer().pressSequentially("two");
    await at.composer().press("Enter");
    await expect.poll(() => at.lastPosted("message")).toEqual({ as: LEAD, channel: REVOPS, text: "one\ntwo" });
    expect(await at.composer().inputValue()).toBe("");
    await at.composer().press("ArrowUp");
    expect(await at.composer().inputValue()).toBe("one\ntwo");
  });

  test("a slash offers the commands; arrow keys and Tab take one", async () => {
    await at.open();
    await at.composer().pressSequentially("/");
    const options = at.page.getByRole("listbox", { name: "Commands" }).getByRole("option");
    expect(await options.count()).toBe(2);
    await at.composer().press("ArrowDown");
    expect(await options.nth(1).getAttribute("aria-selected")).toBe("true");
    await at.composer().press("ArrowUp");
    await at.composer().press("Tab");
    expect(await at.composer().inputValue()).toBe("/revops ");
    expect(await options.count()).toBe(0);
    await at.composer().pressSequentially("run renewal_management");
    await at.composer().press("Enter");
    await expect.poll(() => at.lastPosted("message")).toMatchObject({ text: "/revops run renewal_management" });
  });

  test("a refused line comes back with the reason, and goes with the next one", async () => {
    await at.open();
    at.server.answers["message"] = () => ({ ok: false, error: "dispatch_failed" });
    await at.composer().fill("/revops status");
    await at.composer().press("Enter");
    await at.page.getByText("(dispatch_failed)").waitFor();
    expect(await at.composer().inputValue()).toBe("/revops status");
    delete at.server.answers["message"];
    await at.composer().press("Enter");
    await expect.poll(() => at.page.getByText("(dispatch_failed)").count()).toBe(0);
  });

  test("what the platform says to one person stands under that person's composer only", async () => {
    await at.open();
    at.server.push({ type: "notice", user: MANAGER, channel: REVOPS, text: "not yours" });
    at.server.push({ type: "notice", user: LEAD, channel: REVOPS, text: "/foo is not a valid command" });
    await at.page.getByText("/foo is not a valid command").waitFor();
    expect(await at.page.getByText("not yours").count()).toBe(0);
  });

  test("a command in a thread is not sent", async () => {
    const parent = at.add({ text: "card", replyCount: 1 });
    await at.open(`#/c/revops/${parent.ts}`);
    const reply = at.page
      .getByRole("complementary", { name: "Thread" })
      .getByRole("textbox", { name: "Reply in thread" });
    await reply.fill("/revops status");
    await reply.press("Enter");
    await at.page.getByText("/revops does not work in threads").waitFor();
    await reply.fill("fine");
    await reply.press("Enter");
    await expect.poll(() => at.server.posted.map(({ body }) => body["text"])).toEqual(["fine"]);
    expect(at.lastPosted("message")).toMatchObject({ threadTs: parent.ts });
  });

  test("a newcomer is told what to type", async () => {
    await at.open();
    await at.page.getByRole("button", { name: "/revops run renewal_management", exact: true }).click();
    expect(await at.composer().inputValue()).toBe("/revops run renewal_management");
  });
});
