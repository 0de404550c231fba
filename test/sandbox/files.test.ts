import type { WebClient } from "@slack/web-api";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { PageMessage } from "../../src/sandbox/page-api.ts";
import { fileIdIn } from "../../src/sandbox/slack/block-images.ts";
import { mimetypeOf } from "../../src/sandbox/slack/file-kind.ts";
import { botPosts, danaId, leadId, start, type Started } from "./sandbox-harness.ts";

/** One pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

const announced = z.object({ upload_url: z.string(), file_id: z.string() });
const uploaded = z.object({
  files: z.array(
    z.object({ files: z.array(z.object({ id: z.string(), mimetype: z.string(), url_private: z.string() })) }),
  ),
});

interface Uploaded {
  id: string;
  mimetype: string;
  privateUrl: string;
}

/** As the bot does it: three requests by Slack's own client. */
async function upload(client: WebClient, over: Record<string, unknown> = {}): Promise<Uploaded> {
  const given = { file: png, filename: "Graph.png", title: "The flow", ...over };
  const answer = uploaded.parse(await client.filesUploadV2(given));
  const file = answer.files[0]?.files[0];
  if (file === undefined) throw new Error("no file");
  return { id: file.id, mimetype: file.mimetype, privateUrl: file.url_private };
}

/** Step by step, as nobody else can say `alt_txt`. */
async function announce(client: WebClient, over: Record<string, unknown> = {}): Promise<z.infer<typeof announced>> {
  const given = { filename: "graph.png", length: png.length, ...over };
  return announced.parse(await client.apiCall("files.getUploadURLExternal", given));
}

const looked = ({ time }: Started): void => time.pass(1_000);

const refusalOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "taken",
    (error: unknown) => (error instanceof Error ? error.message.replace(/^.*: /, "") : String(error)),
  );

describe("a file by Slack's own client", () => {
  test("is shared into the channel with its comment, and the page shows it", async () => {
    const started = await start();
    const { client, page, sandbox } = started;
    const channel = await page.channel("revops");
    const { id, privateUrl } = await upload(client, { channel_id: channel, initial_comment: "How it runs" });
    const [message] = await page.messages(channel);
    expect(message).toMatchObject({
      text: "How it runs",
      files: [{ id, name: "Graph.png", title: "The flow", mimetype: "image/png", sizeBytes: png.length }],
    });
    const shown = await fetch(`${sandbox.url}${message?.files[0]?.url ?? ""}`);
    expect(shown.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
    const { messages } = await client.conversations.history({ channel });
    expect(messages?.[0]?.files?.[0]).toMatchObject({ id, url_private: privateUrl, mimetype: "image/png" });
  });

  test("is a reply where it names a thread, also by a reply's own ts", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "head" });
    const { ts: reply = "" } = await botPosts(client, { channel, text: "reply", thread_ts: ts });
    await upload(client, { channel_id: channel, thread_ts: reply });
    const messages = await page.messages(channel);
    expect(messages.map(({ threadTs, files }) => [threadTs, files.length])).toEqual([
      [null, 0],
      [ts, 0],
      [ts, 1],
    ]);
  });

  test("several of them are one message, in their order", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await client.filesUploadV2({
      channel_id: channel,
      initial_comment: "two",
      file_uploads: [
        { file: png, filename: "b.png" },
        { file: Buffer.from("a,b\n1,2\n"), filename: "a.csv" },
      ],
    });
    const [message, ...others] = await page.messages(channel);
    expect(others).toEqual([]);
    expect(message?.files.map(({ name, mimetype }) => [name, mimetype])).toEqual([
      ["b.png", "image/png"],
      ["a.csv", "text/csv"],
    ]);
  });

  test("into a direct message is seen by the two alone", async () => {
    const { client, page } = await start();
    const direct = await page.direct(danaId);
    await upload(client, { channel_id: direct });
    expect(await page.messages(direct, danaId)).toHaveLength(1);
    expect(await page.get(`messages?channel=${direct}&as=${leadId}`)).toMatchObject({ ok: false });
  });

  test("without a channel is nobody's to see, and still a file", async () => {
    const { client, page } = await start();
    const { id } = await upload(client);
    expect(await page.messages(await page.channel("revops"))).toEqual([]);
    expect((await client.files.info({ file: id })).file?.id).toBe(id);
  });

  test("is still there after a restart", async () => {
    const first = await start();
    const channel = await first.page.channel("revops");
    await upload(first.client, { channel_id: channel });
    await first.sandbox.close();
    const { page, sandbox } = await start({ folder: first.folder });
    const [message] = await page.messages(channel);
    const shown = await fetch(`${sandbox.url}${message?.files[0]?.url ?? ""}`);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
  });

  test("says what it is only once Slack has looked at it", async () => {
    const started = await start();
    const { client, page } = started;
    const channel = await page.channel("revops");
    const { id, mimetype } = await upload(client, { channel_id: channel });
    expect(mimetype).toBe("");
    expect((await client.files.info({ file: id })).file).toMatchObject({ mimetype: "", channels: [], shares: {} });
    looked(started);
    const [message] = await page.messages(channel);
    expect((await client.files.info({ file: id })).file).toMatchObject({
      mimetype: "image/png",
      channels: [channel],
      shares: { public: { [channel]: [{ ts: message?.ts }] } },
    });
  });

  test("goes with its message, and stays with one that is edited", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await upload(client, { channel_id: channel, initial_comment: "first" });
    const [{ ts } = { ts: "" }] = await page.messages(channel);
    await client.chat.update({ channel, ts, text: "second" });
    expect((await page.messages(channel)).map(({ text, files }) => [text, files.length])).toEqual([["second", 1]]);
    await client.chat.delete({ channel, ts });
    expect(await page.messages(channel)).toEqual([]);
  });
});

describe("the three steps one by one", () => {
  test("the bytes come bare or in a form; the alternative text is alt_txt and nothing else", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const form = new FormData();
    form.append("filename", new Blob([png]), "graph.png");
    const alt = { alt_txt: "Three steps in a row", alt_text: "overlooked" };
    for (const body of [png, form]) {
      const { upload_url: url, file_id: id } = await announce(client, alt);
      const response = await fetch(url, { method: "POST", body });
      expect([response.status, await response.text()]).toEqual([200, `OK - ${png.length}`]);
      await client.files.completeUploadExternal({ files: [{ id }], channel_id: channel });
    }
    await upload(client, { channel_id: channel, alt_text: "overlooked" });
    const messages: PageMessage[] = await page.messages(channel);
    expect(messages.map(({ files }) => files[0]?.altText)).toEqual([alt.alt_txt, alt.alt_txt, ""]);
  });

  test("a file of another length than announced isn't taken", async () => {
    const { client } = await start();
    const { upload_url: url, file_id: id } = await announce(client, { length: png.length - 1 });
    expect((await fetch(url, { method: "POST", body: png })).status).toBe(400);
    expect(await refusalOf(client.files.completeUploadExternal({ files: [{ id }] }))).toBe("file_not_found");
  });

  test("an empty form, another's address and a broken form are refused", async () => {
    const { client } = await start();
    const { upload_url: url } = await announce(client);
    expect((await fetch(url, { method: "POST", body: new FormData() })).status).toBe(400);
    expect((await fetch(url.replace(/[^/]+$/, "made-up"), { method: "POST", body: png })).status).toBe(404);
    const broken = { "content-type": "multipart/form-data; boundary=x" };
    expect((await fetch(url, { method: "POST", body: "no form", headers: broken })).status).toBe(400);
    expect((await fetch(url)).status).toBe(405);
  });

  test.each([
    ["of nothing", { length: 0 }, "missing_argument"],
    ["that is too large", { length: 10_000_001 }, "file_upload_size_restricted"],
    ["without a name", { filename: "" }, "invalid_arguments"],
    ["whose description is too long", { alt_txt: "x".repeat(1_001) }, "alt_txt_too_large"],
  ])("a file %s is refused", async (_name, over, error) => {
    const { client } = await start();
    expect(await refusalOf(announce(client, over))).toBe(error);
  });

  test("more bytes than announced are cut off, however many come", async () => {
    const { client } = await start();
    const { upload_url: url } = await announce(client);
    const flood = await fetch(url, { method: "POST", body: Buffer.alloc(10_020_000) }).catch(() => null);
    expect(flood === null || flood.status === 413).toBe(true);
  });

  test("an upload is completed once, into a channel and a thread that exist", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { upload_url: url, file_id: id } = await announce(client);
    const complete = (over: object) =>
      refusalOf(client.apiCall("files.completeUploadExternal", { files: [{ id }], ...over }));
    expect(await complete({ channel_id: channel })).toBe("file_not_found");
    await fetch(url, { method: "POST", body: png });
    expect(await complete({ channel_id: "C0NOWHERE" })).toBe("channel_not_found");
    expect(await complete({ channel_id: channel, thread_ts: "1700000000.000100" })).toBe("thread_not_found");
    expect(await complete({ files: [] })).toBe("invalid_arguments");
    expect(await complete({ channel_id: channel })).toBe("taken");
    expect(await complete({ channel_id: channel })).toBe("file_not_found");
    expect((await fetch(url, { method: "POST", body: gif })).status).toBe(404);
    expect(await page.messages(channel)).toHaveLength(1);
  });
});

describe("who may read a file", () => {
  test("its private address asks for the bot's token", async () => {
    const { client, sandbox } = await start();
    const { privateUrl } = await upload(client);
    const read = (authorization: string) => fetch(privateUrl, { headers: { authorization } });
    expect((await fetch(privateUrl)).status).toBe(403);
    expect((await read("Bearer xoxb-somebody")).status).toBe(403);
    expect((await read(`Bearer ${sandbox.settings.slackAppToken}`)).status).toBe(403);
    const response = await read(`Bearer ${sandbox.settings.slackBotToken}`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(png);
  });

  test.each([
    ["page.html", "<script>alert(1)</script>"],
    ["drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
    ["liar.png", "<script>alert(1)</script>"],
  ])("nothing in %s can run in the page: it is a download of no known kind", async (filename, content) => {
    const { client, page, sandbox } = await start();
    const channel = await page.channel("revops");
    await upload(client, { channel_id: channel, file: Buffer.from(content), filename });
    const [message] = await page.messages(channel);
    const { headers } = await fetch(`${sandbox.url}${message?.files[0]?.url ?? ""}`);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toMatch(/^attachment/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("sandbox");
  });

  test("no bytes before the upload is completed, and none for a made-up id", async () => {
    const { client, sandbox } = await start();
    const { upload_url: url, file_id: id } = await announce(client);
    await fetch(url, { method: "POST", body: png });
    expect((await fetch(`${sandbox.url}/sandbox/file/${id}`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/sandbox/file/F0NOBODY00`)).status).toBe(404);
  });
});

const image = (source: object) => ({ type: "image", alt_text: "The flow", ...source });

const post = (client: WebClient, ...blocks: object[]) =>
  refusalOf(client.apiCall("chat.postMessage", { channel: "#revops", text: "x", blocks }));

describe("images in blocks", () => {
  test("a file by its id or its address, as a block, beside a section or in a context, is found by the page", async () => {
    const started = await start();
    const { client, page } = started;
    const { id, privateUrl } = await upload(client);
    looked(started);
    expect(
      await post(
        client,
        image({ slack_file: { id } }),
        { type: "section", text: { type: "mrkdwn", text: "x" }, accessory: image({ slack_file: { url: privateUrl } }) },
        { type: "context", elements: [image({ slack_file: { id } })] },
      ),
    ).toBe("taken");
    const [message] = await page.messages(await page.channel("revops"));
    expect(message?.images).toEqual({ [id]: `/sandbox/file/${id}`, [privateUrl]: `/sandbox/file/${id}` });
  });

  test("in a Home too", async () => {
    const started = await start();
    const { client, page } = started;
    const { id } = await upload(client);
    looked(started);
    const view = { type: "home", blocks: [image({ slack_file: { id } })] };
    await client.apiCall("views.publish", { user_id: danaId, view });
    expect(await page.get(`home?as=${danaId}`)).toMatchObject({ view: { images: { [id]: `/sandbox/file/${id}` } } });
    const early = await upload(client);
    const views = { type: "home", blocks: [image({ slack_file: { id: early.id } })] };
    await expect(client.apiCall("views.publish", { user_id: danaId, view: views })).rejects.toMatchObject({
      data: { errors: ["invalid slack file [json-pointer:/view/blocks/0/slack_file]"] },
    });
  });

  test("one that Slack hasn't looked at yet, that is no image, or that nobody knows is refused", async () => {
    const started = await start();
    const { client } = started;
    const { id } = await upload(client);
    const text = await upload(client, { file: Buffer.from("a,b"), filename: "liar.png" });
    expect(await post(client, image({ slack_file: { id } }))).toBe("invalid_blocks");
    looked(started);
    expect(await post(client, image({ slack_file: { id } }))).toBe("taken");
    expect(await post(client, image({ slack_file: { id: text.id } }))).toBe("invalid_blocks");
    expect(await post(client, image({ slack_file: { id: "F0NOBODY00" } }))).toBe("invalid_blocks");
  });

  test.each([
    ["http://localhost:3000/graph.png", "invalid_blocks"],
    ["http://127.0.0.1/graph.png", "invalid_blocks"],
    ["no address", "invalid_blocks"],
    ["https://pictures.example/graph.png", "taken"],
  ])("the image at %s: %s, and nobody is asked for it", async (url, outcome) => {
    const { client, page } = await start();
    expect(await post(client, image({ image_url: url }))).toBe(outcome);
    const messages = await page.messages(await page.channel("revops"));
    expect(messages.map(({ images }) => images)).toEqual(outcome === "taken" ? [{}] : []);
  });
});

describe("what a file is", () => {
  test.each([
    ["a.txt", png, "image/png"],
    ["a.png", Buffer.from("no picture"), "application/octet-stream"],
    ["a.jpg", Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "image/jpeg"],
    ["a", gif, "image/gif"],
    ["report", Buffer.from("%PDF-1.7"), "application/pdf"],
    ["data.CSV", Buffer.from("a,b"), "text/csv"],
    ["constructor", Buffer.from("x"), "application/octet-stream"],
    ["empty.txt", Buffer.alloc(0), "text/plain"],
  ])("%s", (name, content, kind) => expect(mimetypeOf(name, content)).toBe(kind));

  test.each([
    ["F0123456789", "F0123456789"],
    ["http://127.0.0.1:1/files-pri/T123-F0123456789/x.png", "F0123456789"],
    ["http://127.0.0.1:1/files/U1/F0123456789/x.png", "F0123456789"],
    ["https://elsewhere.example/x.png", null],
    ["FILE", null],
  ])("the id in %s", (reference, id) => expect(fileIdIn(reference)).toBe(id));
});
