import { request } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { botPosts, danaId, lead, leadId, listen, start, temporaryFolder } from "./sandbox-harness.ts";

/** A request as `fetch` refuses to make it: any Host, any path. */
function raw(
  url: string,
  options: { path?: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  const { body: sent, ...rest } = options;
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, ...rest }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on("error", reject);
    asked.end(sent);
  });
}

const json = { "content-type": "application/json" };

describe("who may ask", () => {
  test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "sandbox", "a b"])(
    "the name %j is not ours",
    async (host) => {
      const { sandbox } = await start();
      for (const path of ["/", "/sandbox/state", "/api/api.test", "/healthz"]) {
        expect((await raw(sandbox.url, { path, headers: { host } })).status).toBeGreaterThanOrEqual(400);
      }
    },
  );

  test.each(["localhost", "127.0.0.1:80", "[::1]:1", "LOCALHOST:3000"])("the name %j is loopback", async (host) => {
    const { sandbox } = await start();
    expect(await raw(sandbox.url, { path: "/healthz", headers: { host } })).toEqual({ status: 200, body: "ok" });
  });

  test("listening everywhere, the address that one came in on is ours too, and still no other name", async () => {
    const { sandbox } = await start({ host: "0.0.0.0" });
    expect((await raw(sandbox.url, { path: "/healthz", headers: { host: "127.0.0.1" } })).status).toBe(200);
    expect((await raw(sandbox.url, { path: "/healthz", headers: { host: "revops.evil.example" } })).status).toBe(403);
  });

  test("another site's page can neither post a form nor pretend to be ours", async () => {
    const { sandbox, page } = await start();
    const channel = await page.channel("revops");
    const body = JSON.stringify({ as: leadId, channel, text: "forged" });
    const attempts: Record<string, string>[] = [
      { "content-type": "text/plain" },
      { "content-type": "application/x-www-form-urlencoded" },
      { ...json, origin: "https://evil.example" },
      { ...json, origin: "null" },
      { ...json, origin: sandbox.url.replace("127.0.0.1", "localhost") },
      { ...json, "sec-fetch-site": "cross-site" },
      { ...json, "sec-fetch-site": "same-site" },
    ];
    for (const headers of attempts) {
      const { status } = await raw(sandbox.url, { path: "/sandbox/message", method: "POST", headers, body });
      expect([403, 415]).toContain(status);
    }
    expect(await page.messages(channel)).toEqual([]);
  });
});

describe("the page's files", () => {
  test("the page comes with a policy that lets no inline script run and nothing leave", async () => {
    const { sandbox } = await start();
    const response = await fetch(sandbox.url);
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).not.toContain("http");
  });

  test("TypeScript is served as JavaScript that a browser reads, without a warning in the terminal", async () => {
    const warned = vi.spyOn(process, "emitWarning");
    const { sandbox } = await start();
    const response = await fetch(`${sandbox.url}/page/main.ts`);
    expect(response.headers.get("content-type")).toMatch(/^text\/javascript/);
    const text = await response.text();
    expect(text).toContain('from "./app.ts"');
    expect(text).not.toContain("import type");
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  test.each([
    "/page/../sandbox.ts",
    "/page/..%2fsandbox.ts",
    "/page/%2e%2e/sandbox.ts",
    "/page/..\\sandbox.ts",
    "//etc/passwd",
    "/page//etc/passwd",
    "/page/tsconfig.json",
    "/page/main.ts%00.css",
    "/page/",
    "/.git/config",
    "/package.json",
  ])("%s is nothing", async (path) => {
    const { sandbox } = await start();
    expect((await raw(sandbox.url, { path })).status).toBe(404);
  });
});

describe("bad requests", () => {
  test.each<[string, string, number]>([
    ["no JSON", "{no", 400],
    ["a list", "[]", 400],
    ["missing fields", "{}", 400],
    ["a body of a megabyte", JSON.stringify({ text: "x".repeat(1_000_000) }), 413],
  ])("%s is refused in a sentence", async (_name, body, status) => {
    const { sandbox, failures } = await start();
    const answer = await raw(sandbox.url, { path: "/sandbox/message", method: "POST", headers: json, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: expect.any(String) });
    expect(failures).toEqual([]);
  });

  test("an act that nobody has, an inherited name included", async () => {
    const { sandbox } = await start();
    for (const name of ["shout", "constructor", "__proto__"]) {
      expect(
        (await raw(sandbox.url, { path: `/sandbox/${name}`, method: "POST", headers: json, body: "{}" })).status,
      ).toBe(404);
    }
  });

  test("nobody reads a direct message of somebody else", async () => {
    const { page, sandbox } = await start();
    const direct = await page.direct(danaId);
    expect((await fetch(`${sandbox.url}/sandbox/messages?channel=${direct}&as=${leadId}`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/sandbox/messages?channel=${direct}`)).status).toBe(400);
  });

  test("a stranger, an empty text and a strange channel get Slack's words", async () => {
    const { page } = await start();
    expect((await page.say({ as: "UNOBODY", text: "x" })).error).toBe("user_not_found");
    expect((await page.say({ text: "   " })).error).toBe("no_text");
    expect((await page.say({ channel: "CNOWHERE", text: "x" })).error).toBe("channel_not_found");
    expect((await page.say({ text: "x", threadTs: "1.1" })).error).toBe("thread_not_found");
  });
});

describe("the clock", () => {
  test("moves by what is asked through the given advance, and everybody sees it move", async () => {
    const asked: (number | "next")[] = [];
    const started = await start({
      advance: async ({ to }) => {
        asked.push(to);
        expect((await started.page.state()).clock.moving).toBe(true);
        if (to !== "next") started.sandbox.clock.set(to);
        return started.sandbox.clock.now();
      },
    });
    const before = started.sandbox.clock.now();
    await started.page.post("clock", { advanceMs: 3_600_000 });
    await started.page.post("clock", { to: "next" });
    expect(asked).toEqual([expect.any(Number), "next"]);
    expect(started.sandbox.clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
    expect((await started.page.state()).clock).toMatchObject({ moving: false });
  });

  test("never goes back, and moves once at a time", async () => {
    const started = await start({
      advance: async ({ to }) => {
        if (to !== "next") started.sandbox.clock.set(to);
        expect(await started.page.post("clock", { advanceMs: 1 })).toEqual({
          ok: false,
          error: "The clock is moving already.",
        });
        return started.sandbox.clock.now();
      },
    });
    await started.page.post("clock", { advanceMs: 86_400_000 });
    const offset = started.sandbox.clock.offsetMs();
    started.sandbox.clock.set(started.sandbox.clock.now() - 1_000_000);
    expect(started.sandbox.clock.offsetMs()).toBe(offset);
  });

  test("says what stopped it, and can be moved again", async () => {
    let failing = true;
    const { page } = await start({
      advance: async () => {
        if (failing) throw new Error("Nothing is due.");
        return 0;
      },
    });
    expect(await page.post("clock", { to: "next" })).toEqual({ ok: false, error: "Nothing is due." });
    failing = false;
    expect(await page.post("clock", { to: "next" })).toEqual({ now: "1970-01-01T00:00:00.000Z" });
  });

  test.each([
    {},
    { advanceMs: -1 },
    { advanceMs: 1.5 },
    { advanceMs: 1e15 },
    { to: "yesterday" },
    { advanceMs: 1, to: "next" },
  ])("doesn't move by %j", async (body) => {
    const { page, sandbox } = await start();
    expect((await page.post("clock", body)).ok).toBe(false);
    expect(sandbox.clock.offsetMs()).toBe(0);
  });
});

describe("the stream of changes", () => {
  test("tells of messages, edits, deletions, replies, modals, mails and the clock, each when it is stored", async () => {
    const started = await start();
    const { client, page, sandbox } = started;
    const { changes, stop } = await listen(started);
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "one" });
    await client.chat.update({ channel, ts, text: "two" });
    const { ts: replyTs = "" } = await botPosts(client, { channel, text: "reply", thread_ts: ts });
    await client.chat.delete({ channel, ts: replyTs });
    sandbox.clock.set(sandbox.clock.now() + 1_000);
    await vi.waitFor(() => expect(changes).toHaveLength(7));
    expect(
      changes.map((change) =>
        change.type === "message" ? [change.message.text, change.message.replyCount] : change.type,
      ),
    ).toEqual([["one", 0], ["two", 0], ["reply", 0], ["two", 1], "message_deleted", ["two", 0], "clock"]);
    stop();
  });
});

describe("starting", () => {
  test("a port in use is said by its code, and leaves nothing open behind", async () => {
    const { sandbox } = await start();
    const folder = await temporaryFolder();
    const second = createSandbox({
      databasePath: `${folder}/second.db`,
      host: "127.0.0.1",
      port: Number(new URL(sandbox.url).port),
      users: [lead],
      botName: "RevOps",
      commands: [],
      advance: async () => 0,
      now: () => Date.now(),
    });
    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("whoever acted last is who a new page starts as", async () => {
    const { page } = await start();
    expect((await page.state()).defaultUser).toBe(leadId);
    await page.say({ as: danaId, text: "hello" });
    expect((await page.state()).defaultUser).toBe(danaId);
  });

  test("the page learns of people, channels, direct messages, the bot and its commands", async () => {
    const { page } = await start();
    const state = await page.state();
    expect(state.users.map(({ name, isBot }) => [name, isBot])).toEqual([
      ["Lee Lead", false],
      ["Dana Reyes", false],
      ["Olga Out", false],
      ["RevOps", true],
    ]);
    expect(state.channels.filter(({ kind }) => kind === "channel").map(({ name }) => name)).toEqual([
      "revops",
      "renewals",
      "churn",
      "general",
      "finance",
    ]);
    expect(state.channels.filter(({ kind }) => kind === "im").map(({ members }) => members[1])).toEqual(
      Array(3).fill(state.bot.userId),
    );
    expect(state).toMatchObject({
      bot: { connected: false, name: "RevOps" },
      commands: [{ command: "/revops" }],
      clock: { offsetMs: 0, moving: false },
    });
  });
});
