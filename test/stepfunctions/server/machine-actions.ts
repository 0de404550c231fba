/** Actions on state machines. https://docs.aws.amazon.com/step-functions/latest/apireference/ */
import { z } from "zod";
import { isName } from "../interpreter/execution-names.ts";
import { InvalidDefinition } from "../interpreter/machine-rules.ts";
import { machineArn } from "../interpreter/machines.ts";
import type { StateMachine } from "../interpreter/machines.ts";
import { action, parseJson, seconds } from "./action.ts";
import type { Action, Service } from "./action.ts";
import { ApiError } from "./api-error.ts";
import { page } from "./pages.ts";

const Arn = z.string().min(1).max(256);
const Paged = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().optional() };

export const machineActions: Readonly<Record<string, Action>> = {
  CreateStateMachine: action(
    z.looseObject({
      name: z.string().min(1),
      definition: z.string().min(1).max(1_048_576),
      roleArn: Arn,
      type: z.enum(["STANDARD", "EXPRESS"]).optional(),
      publish: z.boolean().optional(),
    }),
    ({ name, definition, roleArn, type, publish }, service) => {
      if (!isName(name)) throw new ApiError("InvalidName", `Invalid Name: '${name}'`);
      if (type === "EXPRESS") {
        throw new ApiError(
          "StateMachineTypeNotSupported",
          "Express has neither tokens nor redrives; it isn't known here.",
        );
      }
      const { machines, clock } = service;
      const known = machines.find(machineArn(name));
      const content = parseJson(definition, "InvalidDefinition");
      if (known !== undefined && (known.definition !== JSON.stringify(content) || known.roleArn !== roleArn)) {
        throw new ApiError("StateMachineAlreadyExists", `State Machine Already Exists: '${known.arn}'`);
      }
      const machine =
        known ?? admitted(() => machines.create({ name, definition: content, roleArn, now: clock.now() }));
      return {
        stateMachineArn: machine.arn,
        creationDate: seconds(machine.createdAt),
        ...(publish === true ? { stateMachineVersionArn: machines.publish(machine, clock.now()).arn } : {}),
      };
    },
  ),
  UpdateStateMachine: action(
    z.looseObject({
      stateMachineArn: Arn,
      definition: z.string().min(1).max(1_048_576).optional(),
      roleArn: Arn.optional(),
      publish: z.boolean().optional(),
    }),
    ({ stateMachineArn, definition, roleArn, publish }, service) => {
      const { machines, clock } = service;
      const machine = found(service, stateMachineArn);
      if (definition === undefined && roleArn === undefined) {
        throw new ApiError("MissingRequiredParameter", "Either the definition or the role ARN must be specified");
      }
      const content = definition === undefined ? {} : { definition: parseJson(definition, "InvalidDefinition") };
      const now = clock.now();
      admitted(() => machines.update(machine, { ...content, ...(roleArn === undefined ? {} : { roleArn }), now }));
      return {
        updateDate: seconds(now),
        revisionId: machine.revisionId,
        ...(publish === true ? { stateMachineVersionArn: machines.publish(machine, now).arn } : {}),
      };
    },
  ),
  DescribeStateMachine: action(
    z.looseObject({ stateMachineArn: Arn }),
    ({ stateMachineArn }, { machines, fraction }) => {
      const resolved = machines.resolve(stateMachineArn, fraction);
      if (resolved === undefined) throw missing(stateMachineArn);
      const { stateMachine, definition, versionArn } = resolved;
      return {
        stateMachineArn: versionArn ?? stateMachine.arn,
        name: stateMachine.name,
        status: "ACTIVE",
        definition,
        roleArn: stateMachine.roleArn,
        type: "STANDARD",
        creationDate: seconds(stateMachine.createdAt),
        loggingConfiguration: { level: "OFF", includeExecutionData: false },
        revisionId: stateMachine.revisionId,
      };
    },
  ),
  ListStateMachines: action(z.looseObject(Paged), (asked, { machines }) => {
    const all = machines.all().toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const { items, ...more } = page(all, { ...asked, list: "machines" });
    const stateMachines = items.map(({ arn, name, createdAt }) => ({
      stateMachineArn: arn,
      name,
      type: "STANDARD",
      creationDate: seconds(createdAt),
    }));
    return { stateMachines, ...more };
  }),
  DeleteStateMachine: action(z.looseObject({ stateMachineArn: Arn }), ({ stateMachineArn }, { machines }) => {
    const machine = machines.find(stateMachineArn);
    if (machine !== undefined) machines.remove(machine);
    return {};
  }),
  PublishStateMachineVersion: action(
    z.looseObject({ stateMachineArn: Arn, revisionId: z.string().optional() }),
    ({ stateMachineArn, revisionId }, service) => {
      const machine = found(service, stateMachineArn);
      if (revisionId !== undefined && revisionId !== machine.revisionId) {
        throw new ApiError("ConflictException", "The revision is not the current one");
      }
      const { arn, createdAt } = service.machines.publish(machine, service.clock.now());
      return { stateMachineVersionArn: arn, creationDate: seconds(createdAt) };
    },
  ),
  ListStateMachineVersions: action(z.looseObject({ stateMachineArn: Arn, ...Paged }), (asked, service) => {
    const machine = found(service, asked.stateMachineArn);
    const { items, ...more } = page([...machine.versions].toReversed(), { ...asked, list: machine.arn });
    const stateMachineVersions = items.map(([number, { createdAt }]) => ({
      stateMachineVersionArn: `${machine.arn}:${number}`,
      creationDate: seconds(createdAt),
    }));
    return { stateMachineVersions, ...more };
  }),
};

export function found({ machines }: Service, arn: string): StateMachine {
  const machine = machines.find(arn);
  if (machine === undefined) throw missing(arn);
  return machine;
}

export function missing(arn: string): ApiError {
  return new ApiError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

function admitted<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidDefinition)
      throw new ApiError("InvalidDefinition", `Invalid State Machine Definition: '${error.message}'`);
    throw error;
  }
}
