/** Does a picture reach Slack as Slack wants it, once, with its words, and is a refusal told in words? */
import { createServer, type IncomingMessage } from "node:http";
import { LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { uploadPicture, type PictureFile } from "../../../src/notify/slack/picture-upload.ts";
import { slackClientOptions } from "../../../src/notify/slack/slack-client.ts";

interface Answer {
  status?: number;
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  cut?: boolean;
}

/** The three addresses of an upload, each answering as Slack does unless told otherwise. */
async function startFiles() {
  const calls: { path: string; type: string; body: Buffer }[] = [];
  const answers = new Map<string, Answer>();
  let url = "";
  const usual: Record<string, () => Record<string, unknown>> = {
    "/api/files.getUploadURLExternal": () => ({ ok: true, upload_url: `${url}/upload/v1/abc`, file_id: "F1" }),
    "/upload/v1/abc": () => ({}),
    "/api/files.completeUploadExternal": () => ({ ok: true, files: [{ id: "F1" }] }),
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = request.url ?? "";
      calls.push({ path, type: request.headers["content-type"] ?? "", body });
      const answer = answers.get(path) ?? {};
      if (answer.cut === true) return void response.destroy();
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify(answer.body ?? usual[path]?.() ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const client = new WebClient("xoxb-test", {
    ...slackClientOptions({ apiUrl: `${url}/api/` }),
    logLevel: LogLevel.ERROR,
  });
  return {
    client,
    calls,
    answers,
    fieldsOf: (path: string) => {
      const call = calls.find((each) => each.path === path);
      return Object.fromEntries(new URLSearchParams(call?.body.toString() ?? ""));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const wanted = "/api/files.getUploadURLExternal";
const bytes = "/upload/v1/abc";
const completion = "/api/files.completeUploadExternal";

let slack: Awaited<ReturnType<typeof startFiles>>;
beforeEach(async () => {
  slack = await startFiles();
});
afterEach(() => slack.close());

const file: PictureFile = {
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 10, 13]),
  fileName: "timeline.png",
  title: "Timeline of renewal_management",
  alternativeText: "Timeline of renewal_management: running.",
  comment: "Timeline of Acme &amp; Co",
};
const place = { channel: "C0RENEWALS", threadTs: "1794578400.000100" };
const upload = (fields: Partial<PictureFile> = {}, where: { channel: string; threadTs: string | null } = place) =>
  uploadPicture({ client: slack.client, file: { ...file, ...fields }, place: where });

describe("a picture", () => {
  test("goes up in three steps, its bytes as they are", async () => {
    expect(await upload()).toEqual({ kind: "posted" });
    expect(slack.calls.map(({ path }) => path)).toEqual([wanted, bytes, completion]);
    expect(slack.fieldsOf(wanted)).toMatchObject({ filename: "timeline.png", length: "8" });
    expect(slack.calls[1]?.body.equals(file.png)).toBe(true);
    expect(slack.calls[1]?.type).toBe("image/png");
  });

  test("takes its alternative text along by the name that Slack knows", async () => {
    await upload();
    expect(slack.fieldsOf(wanted)["alt_txt"]).toBe(file.alternativeText);
  });

  test("stands in the thread, with its title and its words", async () => {
    await upload();
    const { files, ...rest } = slack.fieldsOf(completion);
    expect(JSON.parse(files ?? "")).toEqual([{ id: "F1", title: file.title }]);
    expect(rest).toMatchObject({
      channel_id: "C0RENEWALS",
      thread_ts: "1794578400.000100",
      initial_comment: "Timeline of Acme &amp; Co",
    });
  });

  test("stands in the channel where there is no thread", async () => {
    await upload({}, { channel: "C1", threadTs: null });
    expect(slack.fieldsOf(completion)).not.toHaveProperty("thread_ts");
  });

  test("with more words than Slack takes is sent with fewer, not refused", async () => {
    await upload({ alternativeText: "word ".repeat(1000) });
    expect(slack.fieldsOf(wanted)["alt_txt"]?.length).toBe(1000);
  });
});

describe("a refusal", () => {
  test.each([
    [wanted, "missing_scope", /files:write.*manifest\.yml/],
    [wanted, "file_uploads_disabled", /workspace admin/],
    [completion, "not_in_channel", /\/invite/],
    [completion, "channel_not_found", /\/invite/],
    [completion, "a_new_reason", /Slack refused the picture: a_new_reason/],
  ])("at %s with %s is told in words", async (path, error, words) => {
    slack.answers.set(path, { body: { ok: false, error } });
    expect(await upload()).toEqual({ kind: "refused", message: expect.stringMatching(words) });
  });

  test("for going too fast says to wait, and nothing is tried again", async () => {
    slack.answers.set(wanted, { status: 429, headers: { "retry-after": "30" } });
    expect(await upload()).toEqual({ kind: "refused", message: expect.stringContaining("in a minute") });
    expect(slack.calls).toHaveLength(1);
  });
});

describe("no answer", () => {
  test.each([
    ["to the address", wanted, { cut: true }],
    ["to the bytes", bytes, { cut: true }],
    ["but an error to the bytes", bytes, { status: 500 }],
    ["to the message", completion, { cut: true }],
  ])("%s is no refusal: whether it is there, nobody knows", async (_what, path, answer) => {
    slack.answers.set(path, answer);
    await expect(upload()).rejects.toBeInstanceOf(Error);
    expect(slack.calls.filter((call) => call.path === path)).toHaveLength(1);
  });

  test("to the bytes leaves no message behind", async () => {
    slack.answers.set(bytes, { status: 500 });
    await expect(upload()).rejects.toThrow("HTTP 500");
    expect(slack.calls.map(({ path }) => path)).not.toContain(completion);
  });
});
