/**
 * The first issue's scene on Step Functions: the real app on its sandbox, the machines that its flows compile to in the local server
 * behind the SDK, and the real handlers as the functions, on one store.
 */
import { join } from "node:path";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngineParts } from "../../src/app/engine-parts.ts";
import { AppClock, systemRandomness, systemTime } from "../../src/app/app-clock.ts";
import type { ServedApp } from "../../src/app/app.ts";
import { crmWriting } from "../../src/app/crm-writing.ts";
import { startSandboxApp, type SandboxServices } from "../../src/app/sandbox-app.ts";
import { readSettings } from "../../src/app/settings.ts";
import { openState } from "../../src/app/state.ts";
import { compile } from "../../src/asl/compile.ts";
import { handleActions, handleEffects } from "../../src/asl/handlers/handle.ts";
import { handlerContext } from "../../src/asl/handlers/handler-context.ts";
import { placeholders } from "../../src/asl/protocol.ts";
import type { RunningContext } from "../../src/engine/context.ts";
import type { Json } from "../../src/flow/json.ts";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import type { PageMessage } from "../../src/sandbox/page-api.ts";
import { temporaryFolder } from "../sandbox/sandbox-harness.ts";
import { defaultRole, machineArn, region } from "../stepfunctions/interpreter/machines.ts";
import { startStepFunctionsServer, type StepFunctionsServer } from "../stepfunctions/server.ts";
import { People } from "./people.ts";

const patient = { timeout: 60_000, interval: 100 };
const callMs = 60_000;
const flowId = "renewal_management";
/** As AWS's own environment is read by the SDK. */
const credentials = { AWS_REGION: region, AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };

interface Scene {
  app: ServedApp;
  server: StepFunctionsServer;
  people: People;
  close: () => Promise<void>;
}

const scene: { now: Scene | null } = { now: null };

function at(): Scene {
  if (scene.now === null) throw new Error("The scene has not begun.");
  return scene.now;
}

beforeAll(async () => {
  scene.now = await begin();
}, 60_000);

afterAll(async () => {
  await scene.now?.close();
});

async function begin(): Promise<Scene> {
  const folder = await temporaryFolder();
  const functions: { context: (() => Promise<RunningContext>) | null } = { context: null };
  const context = () => functions.context?.() ?? Promise.reject(new Error("The functions are not deployed yet."));
  const server = await startStepFunctionsServer({
    functions: {
      actions: async (payload: Json) => handleActions(await context(), payload),
      effects: async (payload: Json) => handleEffects(await context(), payload),
    },
    time: "real",
  });
  const own = { ...credentials, AWS_ENDPOINT_URL_SFN: server.url };
  Object.assign(process.env, own);
  const state = `sqlite:${join(folder, "revops.db")}`;
  const machines = machineArn("revops-FLOW");
  const environment = {
    PORT: "0",
    REVOPS_STATE: state,
    REVOPS_ENGINE: "stepfunctions",
    REVOPS_STATE_MACHINES: machines,
  };
  const read = readSettings({ ...environment, ...own });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const { settings } = read;
  const logger = pino({ level: "silent" });
  const onServices = (services: SandboxServices) => {
    functions.context = contextOf(services);
  };
  const app = await startSandboxApp({ settings, logger, leaseLost: () => {}, onServices });
  const client = new SFNClient({ endpoint: server.url });
  const compiled = compile(app.engine.flow({ flowId }));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refusals));
  const definition = JSON.stringify(compiled.machine)
    .replaceAll(placeholders.actions, "actions")
    .replaceAll(placeholders.effects, "effects");
  await client.send(new CreateStateMachineCommand({ name: `revops-${flowId}`, definition, roleArn: defaultRole }));
  const close = async () => {
    await app.stop();
    client.destroy();
    await server.close();
    for (const name of Object.keys(own)) delete process.env[name];
  };
  return { app, server, people: await People.at(app.url), close };

  /** A store of their own on the same file, as functions have. */
  function contextOf(services: SandboxServices): () => Promise<RunningContext> {
    const opened = (async () => {
      const store = await openState(settings.state);
      const { crm, timezone, agents } = settings;
      const writing = crmWriting(crm, services.configuration);
      const clock = new AppClock(systemTime);
      const options = { ...services, writing, agents, timezone, clock, randomness: systemRandomness, logger };
      return openEngineParts(options, { store, engine: () => null });
    })();
    return async () => {
      const parts = await opened;
      const endsAt = parts.context.realTime.now() + callMs;
      const flows = { all: () => [], get: () => null };
      return handlerContext({ ...parts.context, agents: parts.agents, flows }, { endsAt: () => endsAt });
    };
  }
}

async function card(): Promise<PageMessage | undefined> {
  const { page } = at().people;
  const messages = await page.messages(await page.channel("renewals"));
  return messages.find(({ text }) => text.includes("Acme Robotics"));
}

test("run, a card, an approval: the mail, the message and the event are there once, and a second press is refused", async () => {
  const { people, server, app } = at();
  const { page } = people;
  const dana = people.named("Dana Reyes");
  await page.say({ as: people.lead.id, text: `/revops run ${flowId} Acme Robotics` });
  await expect.poll(card, patient).toBeDefined();
  const asking = await card();
  if (asking === undefined) throw new Error("The card is gone.");
  const [execution] = server.service.executions.all();
  expect(execution?.status).toBe("RUNNING");

  expect(await page.press({ as: dana.id, message: asking, actionId: actionIds.approve })).toEqual({ ok: true });
  await expect.poll(() => execution?.status, patient).toBe("SUCCEEDED");
  await expect.poll(async () => (await card())?.text, patient).toMatch(/^Approved by Dana Reyes/);
  await expect.poll(async () => JSON.stringify((await card())?.blocks).match(/Done: /g)?.length, patient).toBe(3);
  // What Slack itself says of buttons that have gone from the card.
  expect(await page.press({ as: dana.id, message: asking, actionId: actionIds.approve })).toMatchObject({ ok: false });

  expect(await people.mails()).toHaveLength(1);
  expect(await people.events()).toHaveLength(1);
  const direct = await page.messages(await page.direct(dana.id), dana.id);
  expect(direct.filter(({ text }) => text.includes("Acme Robotics"))).toHaveLength(1);

  await page.say({ as: people.lead.id, text: `/revops status ${execution?.name}` });
  const { header } = await app.engine.report({ executionId: execution?.name ?? "" });
  expect(header).toMatchObject({ status: "succeeded", outcome: "completed", driver: "stepfunctions" });
  expect(server.calls.get("StartExecution")).toBe(1);
  expect(server.calls.get("SendTaskSuccess")).toBe(1);
});
