/**
 * Where files' bytes come in and go out: `/upload/v1/ID` for the bot, `/files-pri/TEAM-ID/NAME` with its token, and
 * `/sandbox/file/ID` for the page.
 *
 * 1. Only images that Slack shows are served as what they are; everything else is a download, so that no file runs in the page.
 */
import type { IncomingMessage } from "node:http";
import { readBytes } from "../http/body.ts";
import { HttpError, reply, replyText } from "../http/reply.ts";
import type { HttpExchange, HttpPart } from "../http/sandbox-server.ts";
import { fileIdIn } from "./block-images.ts";
import { isImage } from "./file-kind.ts";
import { LARGEST_FILE_BYTES } from "./methods/files.ts";
import { tokenIn } from "./web-api.ts";
import type { SlackWorkspace } from "./workspace.ts";

/** What a form puts around the bytes. */
const FORM_BYTES = 10_000;

export function fileHttp(workspace: SlackWorkspace): HttpPart {
  return async (exchange) => {
    const [, area, first = "", second = ""] = exchange.url.pathname.split("/");
    if (area === "upload") await receive(exchange, second, workspace);
    else if (area === "files-pri") give(exchange, first, workspace);
    else if (area === "sandbox" && first === "file") send(exchange, second, workspace);
    else return false;
    return true;
  };
}

async function receive(
  { request, response }: HttpExchange,
  uploadId: string,
  { files, traffic }: SlackWorkspace,
): Promise<void> {
  if (request.method !== "POST") throw new HttpError(405, "Only POST.");
  const upload = files.findUpload(uploadId);
  const bytes = await readBytes(request, LARGEST_FILE_BYTES + FORM_BYTES);
  const content = await contentOf(request, bytes);
  const sent = { bytes: content?.length ?? 0, expected: upload?.size ?? null };
  const passage = traffic.begin({ direction: "from_app", via: "web_api", name: "file upload", request: sent });
  const refuse = (status: number, text: string): void => {
    passage.end({ status: String(status), answer: text });
    replyText(response, status, text);
  };
  if (upload === null) return refuse(404, "There is no such upload.");
  if (content === null) return refuse(400, "There is no file in this form.");
  if (content.length !== upload.size) {
    return refuse(400, `The file has ${content.length} bytes, ${upload.size} were announced.`);
  }
  files.receive(upload, content);
  passage.end({ status: "ok" });
  replyText(response, 200, `OK - ${content.length}`);
}

/** The bytes themselves, or the first file of a form; null: a form without one. */
async function contentOf(request: IncomingMessage, bytes: Buffer<ArrayBuffer>): Promise<Buffer | null> {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return bytes;
  try {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    for (const [, value] of form) if (typeof value !== "string") return Buffer.from(await value.arrayBuffer());
  } catch {
    // A form that can't be read holds no file.
  }
  return null;
}

function give(exchange: HttpExchange, place: string, workspace: SlackWorkspace): void {
  const { request, url } = exchange;
  const token = tokenIn({ authorization: request.headers.authorization ?? null, form: url.searchParams.get("token") });
  if (token !== workspace.identity.botToken) throw new HttpError(403, "This file needs the bot's token.");
  send(exchange, fileIdIn(place) ?? "", workspace);
}

function send({ request, response }: HttpExchange, id: string, { files }: SlackWorkspace): void {
  if (request.method !== "GET" && request.method !== "HEAD") throw new HttpError(405, "Only GET.");
  const file = files.find(id);
  const content = files.content(id);
  if (file === null || content === null) throw new HttpError(404, "There is no such file.");
  const isShown = isImage(file.mimetype);
  reply(response, {
    status: 200,
    type: isShown ? file.mimetype : "application/octet-stream",
    body: content,
    headers: {
      "content-security-policy": "default-src 'none'; sandbox",
      "content-disposition": `${isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
  });
}
