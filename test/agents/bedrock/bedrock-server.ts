/**
 * Bedrock's agent runtime as it is on the wire: HTTP/2 with prior knowledge, InvokeAgent's path and body, an answer of event stream
 * frames made by the SDK's own codec. What it answers is the test's: whole, half, broken, late or never.
 */
import { createServer, type Http2Server, type Http2Session, type ServerHttp2Stream } from "node:http2";
import { EventStreamCodec } from "@smithy/core/event-streams";
import { z } from "zod";

const FunctionResult = z.object({
  actionGroup: z.string(),
  function: z.string(),
  responseState: z.string(),
  responseBody: z.object({ TEXT: z.object({ body: z.string() }) }),
});
const Body = z.object({
  inputText: z.string().optional(),
  enableTrace: z.boolean().optional(),
  streamingConfigurations: z.object({ streamFinalResponse: z.boolean() }).optional(),
  sessionState: z
    .object({
      invocationId: z.string(),
      returnControlInvocationResults: z.array(z.object({ functionResult: FunctionResult })),
    })
    .optional(),
});

/** One InvokeAgent as it came. */
export interface Call {
  agent: string;
  sessionId: string;
  body: z.infer<typeof Body>;
}

/** What becomes of the call: frames and then an end, or a refusal before there is a stream. */
export type Answer =
  | { frames: Uint8Array[]; ending: "end" | "stall" | "reset" | "goaway" | "vanish" }
  | { status: number; errorType: string; headers?: Record<string, string> }
  | "nothing";

export type Model = (call: Call, number: number) => Answer;

export interface BedrockServer {
  url: string;
  calls: readonly Call[];
  /** Streams that the other side has closed before their end. */
  readonly cutOff: number;
  model: Model;
  close(): Promise<void>;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString("utf8"),
  (text) => new Uint8Array(Buffer.from(text, "utf8")),
);

export async function startBedrockServer(model: Model): Promise<BedrockServer> {
  const calls: Call[] = [];
  const sessions = new Set<Http2Session>();
  const state = { model, cutOff: 0 };
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    stream.on("aborted", () => (state.cutOff += 1));
    const path = decodeURIComponent(String(headers[":path"]));
    let text = "";
    stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    stream.on("end", () => {
      const [, agentId, aliasId, sessionId] =
        /^\/agents\/([^/]+)\/agentAliases\/([^/]+)\/sessions\/([^/]+)\/text$/.exec(path) ?? [];
      if (agentId === undefined || aliasId === undefined || sessionId === undefined)
        return refuse(stream, { status: 404, errorType: "UnknownOperationException" });
      const call = { agent: `${agentId}/${aliasId}`, sessionId, body: Body.parse(JSON.parse(text)) };
      calls.push(call);
      try {
        reply(stream, state.model(call, calls.length));
      } catch (error) {
        refuse(stream, { status: 400, errorType: `ModelOfTheTest: ${String(error)}` });
      }
    });
  });
  const url = await listening(server);
  return {
    url,
    calls,
    get cutOff() {
      return state.cutOff;
    },
    get model() {
      return state.model;
    },
    set model(other) {
      state.model = other;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}

async function listening(server: Http2Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens nowhere");
  return `http://127.0.0.1:${address.port}`;
}

function reply(stream: ServerHttp2Stream, answer: Answer): void {
  if (answer === "nothing") return;
  if ("status" in answer) return refuse(stream, answer);
  stream.respond({ ":status": 200, "content-type": "application/vnd.amazon.eventstream" });
  const session = stream.session;
  const end = () => {
    switch (answer.ending) {
      case "end":
        return void stream.end();
      case "stall":
        return;
      case "reset":
        // Not close(), which ends the stream before it resets it.
        return void stream.destroy(new Error("reset"));
      case "goaway":
        session?.goaway(2);
        return session?.destroy();
      case "vanish":
        return void session?.socket?.destroy();
      default:
        answer.ending satisfies never;
    }
  };
  if (answer.frames.length === 0) return end();
  // Only once it is on its way: what comes before a break has arrived.
  stream.write(Buffer.concat(answer.frames), () => setImmediate(end));
}

function refuse(
  stream: ServerHttp2Stream,
  { status, errorType, headers = {} }: Exclude<Answer, { frames: unknown } | string>,
): void {
  stream.respond({ ":status": status, "content-type": "application/json", "x-amzn-errortype": errorType, ...headers });
  stream.end(JSON.stringify({ message: `the words of ${errorType}` }));
}

function frame(headers: Record<string, string>, payload: unknown): Uint8Array {
  const entries = Object.entries(headers).map(([name, value]) => [`:${name}`, { type: "string" as const, value }]);
  return codec.encode({
    headers: Object.fromEntries(entries),
    body: new Uint8Array(Buffer.from(JSON.stringify(payload))),
  });
}

export function event(type: string, payload: unknown): Uint8Array {
  return frame({ "message-type": "event", "event-type": type, "content-type": "application/json" }, payload);
}

export function chunk(text: string | Buffer): Uint8Array {
  return event("chunk", { bytes: Buffer.from(text).toString("base64") });
}

/** A modelled exception, such as `throttlingException`. */
export function exception(type: string, payload: object = { message: `the words of ${type}` }): Uint8Array {
  return frame({ "message-type": "exception", "exception-type": type, "content-type": "application/json" }, payload);
}

/** One that the model of the service doesn't have. */
export function unmodelled(code: string): Uint8Array {
  return frame({ "message-type": "error", "error-code": code, "error-message": `the words of ${code}` }, {});
}

/** One model call of the agent, as its trace tells it. */
export function traced({ model = "the-model-of-the-test", inputTokens = 1_000, outputTokens = 50 } = {}): Uint8Array[] {
  const asked = { text: "the prompt, whole", type: "ORCHESTRATION", foundationModel: model };
  const metadata = { usage: { inputTokens, outputTokens }, totalTimeMs: 20 };
  const stages = [{ modelInvocationInput: asked }, { modelInvocationOutput: { metadata } }];
  return stages.map((orchestrationTrace) => event("trace", { trace: { orchestrationTrace } }));
}

/** The function that is to be called; several in one event where more are given. */
export function control(...calls: { name: string; payload: unknown }[]): Uint8Array {
  return event("returnControl", {
    invocationId: "invocation-1",
    invocationInputs: calls.map(({ name, payload }) => ({
      functionInvocationInput: {
        actionGroup: "submissions",
        function: name,
        parameters: [
          {
            name: "payload_json",
            type: "string",
            value: typeof payload === "string" ? payload : JSON.stringify(payload),
          },
        ],
      },
    })),
  });
}
