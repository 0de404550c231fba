/** What takes its time: AWS's own language service, and a thousand executions. */
import { expect, test } from "vitest";
import { checkDefinition, checkDefinitionFully, checkRules } from "./check-definition.ts";
import { everyKindOfState } from "./every-kind-of-state.ts";
import type { LambdaHandler } from "./interpreter/handlers.ts";
import { runMachine } from "./interpreter/interpreter.ts";
import type { MachineEnd } from "./interpreter/interpreter.ts";
import { machine, pass, tokenOf } from "./interpreter/sample-machines.ts";

const lambda: LambdaHandler = async (name, payload, { tokens, clock }) => {
  if (name !== "${EffectsFunction}") return { id: "acme" };
  const token = tokenOf(payload);
  clock.at(clock.now() + 86_400_000, () => tokens.succeed(token, { decision: "approved" }));
  return null;
};
const child = machine({ say: pass({ n: "{% $states.input.n %}" }) });

test("a machine of every kind of state passes the whole gate, and stays as it was", async () => {
  const definition = everyKindOfState();
  const before = JSON.stringify(definition);
  expect(await checkDefinitionFully(definition)).toEqual([]);
  expect(JSON.stringify(definition)).toBe(before);
});

test("each part of the gate has its say", async () => {
  expect(checkRules(machine({ x: pass({}), y: pass({}) }))).toEqual(["y: nothing leads to it"]);
  // asl-validator takes no literal text for an Output, which AWS does.
  expect(checkDefinition(machine({ x: pass("a text") })).join()).toContain("asl-validator: SCHEMA_VALIDATION_FAILED");
});

function once(): Promise<MachineEnd> {
  return runMachine({ definition: everyKindOfState(), lambda, machines: { child } });
}

test("a thousand executions, each the same as the first", async () => {
  const first = await once();
  expect(first.status).toBe("SUCCEEDED");
  expect(first.output).toEqual({ decision: "approved", steps: { one: "", two: 2 } });
  const before = process.cpuUsage();
  for (let number = 1; number < 1_000; number += 1) {
    const end = await once();
    expect([end.events.length, end.stoppedAt]).toEqual([first.events.length, first.stoppedAt]);
  }
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`1,000 executions took ${Math.round((user + system) / 1e6)} s of the processor's time\n`);
});
