/** Does whoever can't start the app get a sentence that says what to do, and no stack? */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CustomerSourceError } from "../../src/agents/crm/customer-source.ts";
import { ConfigurationError } from "../../src/app/configuration.ts";
import { StartError, startProblem } from "../../src/app/start-problem.ts";
import { BotStartError } from "../../src/bot/start-error.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { StoreUnavailableError } from "../../src/state/state-store.ts";

const settings = { host: "127.0.0.1", port: 3000 };

/** What the system really says. */
async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => new Error("it worked"),
    (error: unknown) => error,
  );
}

function listening({ host, port }: { host: string; port: number }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(port, host, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("an address", () => {
  it("that is taken names its port and the next one", async () => {
    const server = await listening({ host: "127.0.0.1", port: 0 });
    const asked = { host: "127.0.0.1", port: portOf(server) };
    const error = await failureOf(() => listening(asked));
    server.close();
    expect(startProblem(error, asked)).toBe(
      `Port ${asked.port} is in use. Stop what listens there, or set PORT to another one, such as PORT=${asked.port + 1}.`,
    );
  });

  it("that is taken, the last one, is told one that exists", () => {
    const error = Object.assign(new Error("in use"), { code: "EADDRINUSE", syscall: "listen" });
    expect(startProblem(error, { host: "127.0.0.1", port: 65_535 })).toContain("PORT=65534.");
  });

  it("of another machine", async () => {
    const asked = { host: "192.0.2.1", port: 0 };
    const error = await failureOf(() => listening(asked));
    expect(startProblem(error, asked)).toBe("192.0.2.1 is no address of this machine. Set HOST to one that is.");
  });

  it("that is no address", () => {
    const error = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND", syscall: "getaddrinfo" });
    expect(startProblem(error, { host: "nowhere.invalid", port: 0 })).toBe(
      "nowhere.invalid is no address of this machine. Set HOST to one that is.",
    );
  });

  it("below 1024 that needs rights", () => {
    const error = Object.assign(new Error("listen EACCES"), { code: "EACCES", syscall: "listen" });
    expect(startProblem(error, { host: "127.0.0.1", port: 80 })).toBe(
      "Port 80 needs rights that this user lacks. Set PORT to one above 1023.",
    );
  });
});

describe("a folder for the data", () => {
  it("whose place a file has, is named", async () => {
    const folder = await mkdtemp(join(tmpdir(), "start-problem-"));
    try {
      const file = join(folder, "data");
      await writeFile(file, "");
      const error = await failureOf(() => mkdir(file, { recursive: true }));
      expect(startProblem(error, settings)).toBe(
        `${file}: it is a file where a folder is needed. Put that right, or set REVOPS_STATE to another place.`,
      );
      const below = await failureOf(() => mkdir(join(file, "deeper"), { recursive: true }));
      expect(startProblem(below, settings)).toContain(
        "a part of it is a file where a folder is needed. Put that right, or set REVOPS_STATE to another place.",
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ["EACCES", "this user may not use it"],
    ["EROFS", "its disk is read-only"],
    ["ENOSPC", "its disk is full"],
  ])("that can't be written (%s) says why", (code, reason) => {
    const error = Object.assign(new Error(code), { code, syscall: "open", path: "data/sample" });
    expect(startProblem(error, settings)).toBe(
      `data/sample: ${reason}. Put that right, or set REVOPS_STATE to another place.`,
    );
  });
});

describe("what was told in a sentence already", () => {
  it.each([
    new StartError("data/sandbox.db can't be opened."),
    new CustomerSourceError("There is no folder."),
    new BotStartError("Slack refused SLACK_BOT_TOKEN."),
    new StoreUnavailableError("The disk is full."),
    new ConfigurationError(["revops.yml:1:1: a", "revops.yml:2:1: b"]),
  ])("stays as it is: %s", (error) => {
    expect(startProblem(error, settings)).toBe(error.message);
  });

  it("is the cause of a failure, without its name for programs", () => {
    const failure = new FailureError({ error: "Effect.Refused", cause: "key.json is no readable key file." });
    expect(startProblem(failure, settings)).toBe("key.json is no readable key file.");
  });
});

it("keeps the stack of what nobody foresaw", () => {
  expect(startProblem(new TypeError("a bug"), settings)).toMatch(/^TypeError: a bug\n\s+at /);
  expect(startProblem("a bug", settings)).toBe("a bug");
});
