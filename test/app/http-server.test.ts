/** The app's addresses on loopback: who answers where, when it is ready, and how a stop ends what is under way. */
import { connect } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { healthRoutes, type NotReady } from "../../src/app/health.ts";
import { listen, type HttpServer, type Routes } from "../../src/app/http-server.ts";

interface Served {
  server: HttpServer;
  logged: string[];
}

async function serve(routes: Routes): Promise<Served> {
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => logged.push(line) });
  const server = await listen({ host: "127.0.0.1", port: 0, routes, logger });
  onTestFinished(() => server.close());
  return { server, logged };
}

async function get(server: HttpServer, path: string, method = "GET") {
  const response = await fetch(`${server.url}${path}`, { method });
  return { status: response.status, text: await response.text(), allow: response.headers.get("allow") };
}

test("the process is alive before the app has started, but not ready", async () => {
  const { server } = await serve(healthRoutes(() => null));
  expect(await get(server, "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  const text = '{"ready":false,"not_ready":{"app":"is starting"}}';
  expect(await get(server, "/readyz")).toMatchObject({ status: 503, text });
});

test("ready when nothing is missing; what is missing is named", async () => {
  let missing: NotReady = {};
  const { server } = await serve(healthRoutes(() => ({ notReady: async () => missing })));
  expect(await get(server, "/readyz?from=probe")).toMatchObject({ status: 200, text: '{"ready":true}' });
  missing = { slack: "does not reach the bot" };
  const text = '{"ready":false,"not_ready":{"slack":"does not reach the bot"}}';
  expect(await get(server, "/readyz")).toMatchObject({ status: 503, text });
});

test("a probe may ask for the head alone, and nobody may post", async () => {
  const { server } = await serve(healthRoutes(() => null));
  expect(await get(server, "/healthz", "HEAD")).toMatchObject({ status: 200, text: "" });
  expect(await get(server, "/healthz", "POST")).toMatchObject({ status: 405, allow: "GET, HEAD" });
});

test.each(["/", "/nothing", "/healthz/", "//healthz", "/constructor", "/%"])("%s is nobody's", async (path) => {
  const { server } = await serve(healthRoutes(() => null));
  expect((await get(server, path)).status).toBe(404);
});

test("an address that throws is a 500 and a line in the log; the next request is served", async () => {
  const { server, logged } = await serve({
    "/bad": async () => {
      throw new Error("boom");
    },
    ...healthRoutes(() => null),
  });
  expect(await get(server, "/bad")).toMatchObject({ status: 500, text: "" });
  expect(logged.join("")).toContain("boom");
  expect((await get(server, "/healthz")).status).toBe(200);
});

test("a port that is taken is told by the system's word", async () => {
  const { server } = await serve({});
  const port = Number(new URL(server.url).port);
  const second = listen({ host: "127.0.0.1", port, routes: {}, logger: pino({ level: "silent" }) });
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("a stop lets an answer under way end, closes what is idle, and takes nobody new", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { server } = await serve({
    "/slow": async (_request, response) => {
      begin();
      await held;
      response.end("done");
    },
    "/fast": async (_request, response) => void response.end("done"),
  });
  const idle = connect(Number(new URL(server.url).port), "127.0.0.1");
  const idleClosed = new Promise((resolve) => idle.on("close", resolve));
  idle.write("GET /fast HTTP/1.1\r\nhost: app\r\n\r\n");
  await new Promise((resolve) => idle.once("data", resolve));
  const slow = get(server, "/slow");
  await begun;
  const closed = server.close();
  await idleClosed;
  await expect(get(server, "/slow")).rejects.toThrow("fetch failed");
  release();
  expect(await slow).toMatchObject({ status: 200, text: "done" });
  await closed;
});

test("a stop is not held up by an answer that never comes", async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { server } = await serve({ "/never": async () => begin() });
  const never = get(server, "/never");
  await begun;
  await Promise.all([server.close(), expect(never).rejects.toThrow("fetch failed")]);
});
