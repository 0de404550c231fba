/** Runs the tests of one `NAME.test.yml`, each on an engine of its own; what isn't as expected is a problem at its place. */
import { dirname, join } from "node:path";
import type { Problem } from "../../flow/flow-file/problem.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { TestContacts } from "../test-contacts.ts";
import type { Coverage } from "../flow-coverage.ts";
import { FlowTestCase } from "../flow-test-case.ts";
import type { FlowResult } from "../flow-result.ts";
import { flowBeside, namesBeside } from "./flow-beside.ts";
import { unmet } from "./found.ts";
import { readTestFile, type Path } from "./read.ts";
import type { Act, TestFile, TestOfFile } from "./schema.ts";

export interface TestOutcome {
  name: string;
  /** Empty: it has passed. */
  problems: Problem[];
}

export async function runTestFile(parameters: {
  file: string;
  text: string;
  coverage: Coverage;
}): Promise<{ tests: TestOutcome[]; problems: Problem[] }> {
  const { file, text, coverage } = parameters;
  const { tests: read, problems, problemAt } = readTestFile({ file, text });
  if (read === null) return { tests: [], problems };
  const beside = await flowBeside(file);
  if (beside === null && read.flows.length === 0) {
    const message = `no flow stands beside this file (${namesBeside(file).join(", ")}), and flows names none`;
    return { tests: [], problems: [problemAt([], message)] };
  }
  const flows = [...(beside === null ? [] : [beside]), ...read.flows.map((path) => join(dirname(file), path))];
  const outcomes: TestOutcome[] = [];
  for (const [index, test] of read.tests.entries()) {
    const running = new RunningTest({ test, read, flows, coverage, path: ["tests", index], problemAt });
    outcomes.push({ name: test.name, problems: await running.run() });
  }
  return { tests: outcomes, problems: [] };
}

class RunningTest {
  readonly #test: TestOfFile;
  readonly #read: TestFile;
  readonly #flows: readonly string[];
  readonly #path: Path;
  readonly #problemAt: (path: Path, message: string) => Problem;
  readonly #case: FlowTestCase;
  readonly #coverage: Coverage;

  constructor(parts: {
    test: TestOfFile;
    read: TestFile;
    flows: readonly string[];
    coverage: Coverage;
    path: Path;
    problemAt: (path: Path, message: string) => Problem;
  }) {
    const { flows, coverage } = parts;
    const { now, timezone, variables, roles, contacts } = parts.read;
    this.#test = parts.test;
    this.#read = parts.read;
    this.#flows = flows;
    this.#path = parts.path;
    this.#problemAt = parts.problemAt;
    this.#coverage = coverage;
    this.#case = new FlowTestCase({
      flows,
      coverage,
      ...(now === undefined ? {} : { now }),
      ...(timezone === undefined ? {} : { timezone }),
      ...(variables === undefined ? {} : { variables }),
      ...(roles === undefined ? {} : { roles }),
      ...(contacts === undefined ? {} : { contacts: contactsOf(contacts) }),
    });
  }

  async run(): Promise<Problem[]> {
    let at: Path = this.#path;
    const problems: Problem[] = [];
    try {
      this.#prepare();
      const { executionId } = await this.#start();
      for (const [index, act] of this.#test.steps.entries()) {
        at = [...this.#path, "steps", index];
        problems.push(...(await this.#act(act, { executionId, path: at })));
      }
      const expectation = { expectation: this.#test.expect, path: [...this.#path, "expect"] };
      problems.push(...(await this.#unmet({ ...expectation, executionId })));
      await this.#case.noteCoverage();
    } catch (error) {
      // What was expected before may say why.
      problems.push(this.#problemAt(at, error instanceof Error ? error.message : String(error)));
    } finally {
      await this.#case.close();
    }
    return problems;
  }

  #prepare(): void {
    const { customer, mocks, faults, input } = this.#test;
    const id = input["customer_id"];
    if (customer !== undefined) this.#case.mockCustomer(typeof id === "string" ? { ...customer, id } : customer);
    for (const mock of [...this.#read.mocks, ...mocks]) {
      const { step, customer: customerId, response, failure, ...named } = withoutUndefined(mock);
      const meant = {
        ...named,
        ...(step === undefined ? {} : { stepId: step }),
        ...(customerId === undefined ? {} : { customerId }),
      };
      if (failure !== undefined) this.#case.failAgent({ ...meant, ...failure });
      else this.#case.mockAgent({ ...meant, response: response ?? null });
    }
    for (const { step, fault, ...named } of faults.map(withoutUndefined)) {
      this.#case.failEffect({ ...named, fault: { kind: fault }, ...(step === undefined ? {} : { stepId: step }) });
    }
  }

  async #start(): Promise<FlowResult> {
    const definition = await this.#flow();
    const customerId = this.#test.customer?.id ?? "customer-1";
    const isAbout = "customer_id" in definition.input && !("customer_id" in this.#test.input);
    const input = isAbout ? { ...this.#test.input, customer_id: customerId } : this.#test.input;
    const { event } = this.#test;
    if (event === undefined) return this.#case.executeFlow({ flowId: definition.flow_id, inputParameters: input });
    const results = await this.#case.sendEvent({ event, input });
    const own = results.find(({ flowId }) => flowId === definition.flow_id);
    if (own === undefined) throw new Error(`The event ${event} starts no execution of ${definition.flow_id}.`);
    return own;
  }

  async #flow(): Promise<FlowDefinition> {
    const loaded = await this.#case.flows();
    const { flow } = this.#read;
    const found = loaded.find(({ definition, file }) =>
      flow === undefined ? file === this.#flows[0] : definition.flow_id === flow,
    );
    const known = loaded.map(({ definition }) => definition.flow_id).join(", ");
    if (found === undefined) throw new Error(`There is no flow ${flow ?? ""}; loaded: ${known}.`);
    this.#coverage.expect(found.definition);
    return found.definition;
  }

  async #act(act: Act, { executionId, path }: { executionId: string; path: Path }): Promise<Problem[]> {
    const { advance, approve, reject, edit, expire, expect } = act;
    if (advance !== undefined) await this.#case.advance(durationOrInstant(advance));
    if (approve !== undefined) await this.#case.approve(decision(approve));
    if (reject !== undefined) await this.#case.reject(decision(reject));
    if (edit !== undefined) await this.#case.edit({ ...decision(edit), edits: edit.values });
    if (expire !== undefined) await this.#case.expire(decision(expire));
    if (expect === undefined) return [];
    return this.#unmet({ expectation: expect, executionId, path: [...path, "expect"] });
  }

  async #unmet(asked: { expectation: TestOfFile["expect"]; executionId: string; path: Path }): Promise<Problem[]> {
    const { expectation, executionId, path } = asked;
    const result = await this.#case.result(executionId);
    return unmet({ expectation, result, path, problemAt: this.#problemAt });
  }
}

function contactsOf(read: NonNullable<TestFile["contacts"]>): TestContacts {
  const { quiet_hours, direct_messages, per_person_per_week, per_account_per_week, do_not_contact, holidays } = read;
  return {
    ...(quiet_hours === undefined ? {} : { quietHours: quiet_hours }),
    ...(holidays === undefined ? {} : { holidays }),
    ...(direct_messages === undefined ? {} : { directMessages: direct_messages }),
    ...(per_person_per_week === undefined ? {} : { perPersonPerWeek: per_person_per_week }),
    ...(per_account_per_week === undefined ? {} : { perAccountPerWeek: per_account_per_week }),
    ...(do_not_contact === undefined ? {} : { doNotContact: do_not_contact }),
  };
}

function durationOrInstant(text: string): string | { to: string } {
  return text.startsWith("P") ? text : { to: text };
}

interface Decision {
  step?: string | undefined;
  by?: string | undefined;
  reason?: string | undefined;
}

function decision({ step, by, reason }: Decision) {
  return {
    ...(step === undefined ? {} : { stepId: step }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  };
}

type Present<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** An option that is undefined is left out. */
function withoutUndefined<Value extends object>(value: Value): Value & Present<Value>;
function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
