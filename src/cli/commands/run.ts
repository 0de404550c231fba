/** `run`: one execution, or a batch over those that the flow's filter matches. Recorded here, driven by the running app. */
import { hasFilter, isAboutCustomer, type FlowDefinition } from "../../flow/flow.ts";
import { systemRandomness } from "../../app/app-clock.ts";
import { splitAssignments } from "../assignments.ts";
import type { Answer, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { knownFlow } from "../known-names.ts";
import { oneCustomer } from "../one-customer.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";

export const run: Command = {
  word: "run",
  usage: ["run FLOW [CUSTOMER] [name=value …] [--key K]"],
  purpose: "starts a flow: for one customer, or for all that its filter matches",
  options: {
    key: { type: "text", value: "K", about: "a start with the same key starts nothing a second time" },
  },
  examples: [
    { line: "run renewal_management", about: "every customer that matches the flow's filter" },
    { line: "run renewal_management Acme Robotics", about: "one customer, by name or id" },
    {
      line: "run renewal_management customer_id=cust-10021 --key 2026-w49",
      about: "inputs, and a key against doubles",
    },
  ],
  run: async (call) => {
    const { plain: words, input } = splitAssignments(call.words);
    const [flowId, ...customer] = words;
    if (flowId === undefined) throw new UsageError("Which flow? flows lists them.");
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) =>
      start({ session, flowId, customer: customer.join(" "), input, key: call.options.text("key") }),
    );
  },
};

interface Asked {
  session: Session;
  flowId: string;
  /** Empty: none was named. */
  customer: string;
  input: Record<string, string>;
  key: string | null;
}

async function start(asked: Asked): Promise<Answer> {
  const definition = knownFlow(asked.session, asked.flowId);
  if (!isAboutCustomer(definition)) {
    if (asked.customer === "") return startOne(asked, definition, asked.input);
    throw new UsageError(`${definition.flow_id} isn't about a customer, so "${asked.customer}" can't be used.`);
  }
  if (asked.customer === "")
    return "customer_id" in asked.input ? startOne(asked, definition, asked.input) : startMany(asked, definition);
  if ("customer_id" in asked.input)
    throw new UsageError(`The customer is named twice: as "${asked.customer}" and as customer_id. Write one of them.`);
  const { id } = await oneCustomer(asked.session.engine, asked.customer);
  return startOne(asked, definition, { ...asked.input, customer_id: id });
}

async function startOne(asked: Asked, definition: FlowDefinition, input: Record<string, string>): Promise<Answer> {
  const { session, key } = asked;
  const startKey = key === null ? {} : { startKey: key };
  const started = await session.engine.start({ flowId: definition.flow_id, input, person: null, ...startKey });
  const { executionId, customer } = started;
  const isNew = started.kind === "started";
  const document = {
    started: isNew,
    execution_id: executionId,
    flow_id: definition.flow_id,
    flow_version: definition.version,
    customer_id: customer?.id ?? null,
  };
  const about = customer === null ? "" : ` for ${plain(customer.name)}`;
  const flow = `${definition.flow_id} ${definition.version}${about}`;
  const follow = `npx revops status ${executionId}`;
  return {
    document,
    text: (paper) =>
      isNew
        ? `Started ${flow}: ${paper.mark("bold", executionId)}\nFollow it with ${follow}`
        : `${flow} is already running: nothing new was started. See ${follow}`,
  };
}

async function startMany({ session, input, key }: Asked, definition: FlowDefinition): Promise<Answer> {
  const flowId = definition.flow_id;
  if (!hasFilter(definition))
    throw new UsageError(`${flowId} is about one customer and has no filter to find them: run ${flowId} CUSTOMER.`);
  if (Object.keys(input).length > 0)
    throw new UsageError(`name=value goes with one customer: run ${flowId} CUSTOMER name=value.`);
  if (key !== null) throw new UsageError(`--key goes with one customer: run ${flowId} CUSTOMER --key ${key}.`);
  const { engine, channels } = session;
  const requestId = systemRandomness.hex(8);
  const batch = await engine.startBatch({ flowId, person: null, channel: channels.default, requestId });
  const [matched, total] = [batch.customer_ids.length, batch.customers_total];
  return {
    document: { batch_id: batch.batch_id, flow_id: flowId, flow_version: definition.version, matched, total },
    text: () =>
      `Started ${flowId} ${definition.version} for ${matched.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} customers; ` +
      `the progress stands in ${channels.default}.\nFollow it with npx revops status ${flowId}`,
  };
}
