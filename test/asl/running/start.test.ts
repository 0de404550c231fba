/** Does a machine begin whoever starts it, and end by name where it can't? */
import { expect, it } from "vitest";
import { failureNamed } from "../../../src/asl/handlers/adopt.ts";
import { agentStep, flow } from "../../engine/flows.ts";
import { NamedError } from "../../stepfunctions/interpreter/handlers.ts";
import { asked, play } from "./play.ts";

const definition = flow([agentStep("look", "retrieve", { parameters: { id: "${input.customer_id}" } })]);

it.each(["manual-test-1", "x", "A_b-C".repeat(16), "übung-é"])("started by another program as %s", async (name) => {
  const played = await play(definition, undefined, { name, input: { customer_id: "cust-12345" } });
  expect(played.status).toBe("SUCCEEDED");
  expect(played.requests.map((request) => "execution_id" in request && request.execution_id)).toEqual([
    name,
    name,
    name,
  ]);
  expect(played.requests[0]).toMatchObject({ kind: "begin", input: { customer_id: "cust-12345" } });
  expect(played.requests[1]).toMatchObject({ kind: "step", parameters: { id: "cust-12345" } });
});

it("an input that isn't what the flow takes: the execution fails by that name, and says why", async () => {
  const cause = 'customer_id "nobody" is no customer; “near” is.\n';
  const played = await play(definition, (request) => {
    if (request.kind === "begin") throw new NamedError("Input.Invalid", cause);
    return undefined;
  });
  expect([played.status, played.error, asked(played)]).toEqual(["FAILED", "Input.Invalid", ["begin"]]);
  // As the app reads it of whom it looks for.
  const failure = failureNamed({ error: played.error ?? "", cause: played.cause ?? "" });
  expect(failure).toEqual({ error: "Input.Invalid", cause });
});
