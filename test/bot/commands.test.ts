/** `/revops` through the real Bolt App. */
import { describe, expect, test } from "vitest";
import { RequestError } from "../../src/engine/engine.ts";
import { words } from "../../src/bot/listeners/commands/command-line.ts";
import { bot } from "./bot-harness.ts";
import { customer, definition, header, lead } from "./fake-engine.ts";
import { command } from "./fake-slack.ts";
import { ways } from "./slack-delivery.ts";

describe.each(ways)("over %s", (way) => {
  test("the acknowledgement is empty and doesn't wait for the engine", async () => {
    const { receiver, engine, inFlight, slack } = await bot(way);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    engine.list = async () => held.then(() => []);
    expect(await receiver.send(command("status"))).toBeUndefined();
    expect(slack.responses).toEqual([]);
    release();
    await inFlight.settled();
    expect(slack.responses).toHaveLength(1);
  });

  test("a run over the filter starts a batch in the command's channel, and the bot adds nothing to its message", async () => {
    const { receiver, engine, slack } = await bot(way);
    slack.answers.set("conversations.info", { channel: { id: "C1", is_member: true } });
    await receiver.deliver(command("run renewal_management"));
    expect(engine.of("startBatch")).toEqual([
      { flowId: "renewal_management", person: lead, channel: "C1", requestId: "trigger-1" },
    ]);
    expect(slack.responses).toEqual([]);
  });

  test.each([["is_member"], ["channel_not_found"]])(
    "where the bot isn't in the channel (%s), the progress goes to the default channel and the asker is told",
    async (how) => {
      const { receiver, engine, slack, answer } = await bot(way);
      slack.answers.set("conversations.info", how === "is_member" ? { channel: { is_member: false } } : how);
      await receiver.deliver(command("run renewal_management"));
      expect(engine.of("startBatch")).toMatchObject([{ channel: "#revops" }]);
      expect(answer()).toContain("2 customers of 40 match `renewal_management`");
      expect(answer()).toContain("#revops");
    },
  );

  test("a scope that is missing doesn't keep a run from starting", async () => {
    const { receiver, engine, slack } = await bot(way);
    slack.answers.set("conversations.info", "missing_scope");
    await receiver.deliver(command("run renewal_management"));
    expect(engine.of("startBatch")).toMatchObject([{ channel: "C1" }]);
  });

  test("a customer by name or id starts one execution and says how to follow it", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    await receiver.deliver(command("run renewal_management acme robotics"));
    expect(engine.of("start")).toEqual([
      { flowId: "renewal_management", input: { customer_id: "cust-1" }, person: lead },
    ]);
    expect(answer()).toContain("/revops status exec-new");
    slack.responses.length = 0;
    await receiver.deliver(command("run renewal_management cust-2 note=x"));
    expect(engine.of("start")).toMatchObject([{}, { input: { customer_id: "cust-2", note: "x" } }]);
  });

  test("what runs already is named, not started again", async () => {
    const { receiver, engine, answer } = await bot(way);
    engine.running = "exec-old";
    await receiver.deliver(command("run renewal_management Acme Robotics"));
    expect(answer()).toContain("already running for Acme Robotics");
    expect(answer()).toContain("/revops status exec-old");
  });

  test("an unknown customer gets the nearest names, and nothing starts", async () => {
    const { receiver, engine, answer } = await bot(way);
    await receiver.deliver(command("run renewal_management Akme"));
    expect(answer()).toContain("No customer has the id or name “Akme”. Did you mean “Acme Robotics” or “Globex”?");
    expect(engine.of("start")).toEqual([]);
  });

  test("two customers of one name are both listed, and an id chooses", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    engine.customers.push(customer({ id: "cust-9", region: "APAC" }));
    await receiver.deliver(command("run renewal_management Acme Robotics"));
    expect(answer()).toMatch(/2 customers are called.*cust-1.*EMEA.*cust-9.*APAC.*run renewal_management cust-1/);
    expect(engine.of("start")).toEqual([]);
    slack.responses.length = 0;
    await receiver.deliver(command("run renewal_management cust-9"));
    expect(engine.of("start")).toMatchObject([{ input: { customer_id: "cust-9" } }]);
  });

  test("a customer whose name is another one's id doesn't hide that one", async () => {
    const { receiver, engine } = await bot(way);
    engine.customers.push(customer({ id: "cust-10", name: "cust-1" }));
    await receiver.deliver(command("run renewal_management cust-1"));
    expect(engine.of("start")).toMatchObject([{ input: { customer_id: "cust-1" } }]);
  });

  test.each([
    ["run renewal_managment", "There is no flow renewal_managment. Did you mean `renewal_management`?"],
    ["run nightly_sync Acme", "nightly_sync isn't about a customer"],
    ["run renewal_management note=x", "name=value goes with one customer"],
    ["run renewal_management Acme customer_id=cust-1", "named twice"],
    ["run by_hand", "has no filter"],
    ["run renewal_management x =3", "“=3” can't be read"],
    ["rnu renewal_management", "Did you mean `/revops run`?"],
    ["doctor now", "takes nothing behind it"],
    ["status exec-nope", "Nothing is called “exec-nope”"],
    ["status nightly_snyc", "Did you mean `nightly_sync`?"],
    ["approvals now", "takes nothing behind it"],
    ["flows now then", "takes one flow at most"],
  ])("/revops %s → %s", async (line, said) => {
    const { receiver, engine, answer } = await bot(way);
    engine.definitions.push(definition({ flow_id: "by_hand", triggers: [{ type: "manual", overlap: "skip" }] }));
    await receiver.deliver(command(line));
    expect(answer()).toContain(JSON.stringify(said).slice(1, -1));
    expect([...engine.of("start"), ...engine.of("startBatch")]).toEqual([]);
  });

  test("a name that would call the whole channel is shown, not called", async () => {
    const { receiver, engine, answer, slack } = await bot(way);
    await receiver.deliver(command("run renewal_management &lt;!channel&gt;"));
    expect(answer()).toContain("&lt;!channel&gt;");
    engine.customers.push(customer({ id: "cust-7", name: "<!channel>" }));
    engine.headers.push(header({ customer_id: "cust-7", customer_name: "<!channel>" }));
    slack.responses.length = 0;
    await receiver.deliver(command("status"));
    await receiver.deliver(command("status cust-7"));
    await receiver.deliver(command("run renewal_management cust-7"));
    await receiver.deliver(command("&lt;!channel&gt;"));
    await receiver.deliver(command("help &lt;!channel&gt;"));
    expect(slack.responses).toHaveLength(5);
    expect(JSON.stringify(slack.responses)).not.toContain("<!channel>");
  });

  const noted = { references: [], requester_id: null, listed: false, execution_id: null };

  test("status lists what waits for whom; of one execution, its steps", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    const wait = {
      kind: "approval" as const,
      step_id: "approve",
      people: ["Dana Reyes", "a RevOps lead"],
      ...noted,
      since: 1,
      until: null,
    };
    engine.headers = [header({ waiting_for: [wait] }), header({ execution_id: "exec-2", customer_name: "Globex" })];
    await receiver.deliver(command("status"));
    expect(answer()).toMatch(/Waiting for Dana Reyes or a RevOps lead.*Acme Robotics.*exec-1.*Running.*Globex.*exec-2/);
    slack.responses.length = 0;
    await receiver.deliver(command("status exec-2"));
    expect(engine.of("report")).toEqual([{ executionId: "exec-2" }]);
    expect(answer()).toContain("Started by Robin Lead");
  });

  test("approvals lists what the engine would let this person decide, and nothing else", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    const wait = {
      kind: "approval" as const,
      step_id: "approve_recommendations",
      people: [],
      ...noted,
      since: 1,
      until: null,
    };
    engine.headers = [header({ waiting_for: [wait] }), header({ execution_id: "exec-2" })];
    await receiver.deliver(command("approvals"));
    expect(answer()).toMatch(/1 approval waits for you.*Acme Robotics.*Review/);
    expect(engine.of("waiting")).toEqual([{ person: lead, offset: 0, limit: 10 }]);
    slack.responses.length = 0;
    engine.headers = [];
    await receiver.deliver(command("approvals"));
    expect(answer()).toContain("Nothing waits for your decision.");
  });

  test("help lists the words that work and none that don't", async () => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(command("help"));
    const help = JSON.stringify(slack.responses[0]);
    for (const word of words) expect(help).toContain(`/revops ${word}`);
  });

  test("the doctor tells what isn't fine first, with what to do, and shows names as text", async () => {
    const { receiver, checks, answer } = await bot(way);
    await receiver.deliver(command("doctor"));
    expect(answer()).toContain("All is well.");
    const sick = await bot(way);
    sick.checks.push(
      { about: "flows", state: "ok", message: "3 can be started", advice: null },
      { about: "roles", state: "problem", message: "<!channel> has no role", advice: "Add it." },
      { about: "customers", state: "warning", message: `nobody has ${"csm_email, ".repeat(20)}nps`, advice: null },
    );
    await sick.receiver.deliver(command("doctor"));
    expect(sick.answer()).toMatch(
      /The doctor found 1 problem and 1 warning\..*\*problem\* roles: &lt;!channel&gt; has no role.*Add it\..*csm_email, nps.*flows: 3 can/s,
    );
    expect(checks).toEqual([]);
  });

  test("an engine that throws gives a reference and no stack; the log has the error under it", async () => {
    const { receiver, engine, logs, answer } = await bot(way);
    engine.fault = new Error("ENOSPC at /var/lib/state.db");
    await receiver.deliver(command("status"));
    const reference = /reference ([0-9a-f]{6})/.exec(answer())?.[1];
    expect(reference).toBeDefined();
    expect(answer()).not.toMatch(/ENOSPC|at |\.ts/);
    expect(logs).toContainEqual(
      expect.objectContaining({
        level: "error",
        fields: expect.objectContaining({ reference, error: "Error: ENOSPC at /var/lib/state.db" }),
      }),
    );
  });

  test("a name of three thousand letters isn't sent back whole", async () => {
    const { receiver, answer } = await bot(way);
    await receiver.deliver(command(`run renewal_management ${"x".repeat(3_000)}`));
    expect(answer()).toMatch(/No customer has the id or name “x+…/);
    expect(answer().length).toBeLessThan(400);
  });

  test("a refusal of the engine is its own sentence, escaped", async () => {
    const { receiver, engine, answer } = await bot(way);
    engine.fault = new RequestError("kickoff_at must be a date, not <@U1>.", "2026-12-04");
    await receiver.deliver(command("run renewal_management cust-1 kickoff_at=x"));
    expect(answer()).toContain("kickoff_at must be a date, not &lt;@U1&gt;. Did you mean `2026-12-04`?");
  });

  test("another command is acknowledged with what works", async () => {
    const { receiver } = await bot(way);
    const ack = await receiver.deliver(command("x", { command: "/oldflows" }));
    expect(ack).toEqual({
      response_type: "ephemeral",
      text: "`/oldflows` isn't a command of this app. `/revops help` lists what works.",
    });
  });

  test("a command named like a property of every object is still unknown", async () => {
    const { receiver } = await bot(way);
    const ack = await receiver.deliver(command("x", { command: "constructor" }));
    expect(JSON.stringify(ack)).toContain("`constructor` isn't a command");
  });
});
