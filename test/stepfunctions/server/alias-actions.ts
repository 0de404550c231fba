/** Actions on aliases of state machines. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html */
import { z } from "zod";
import type { StateMachine, StateMachineAlias } from "../interpreter/machines.ts";
import { action, seconds } from "./action.ts";
import type { Action, Service } from "./action.ts";
import { ApiError } from "./api-error.ts";
import { found } from "./machine-actions.ts";

const Routes = z
  .array(z.strictObject({ stateMachineVersionArn: z.string(), weight: z.int().min(0).max(100) }))
  .min(1)
  .max(2);
const AliasName = z.string().regex(/^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}$/);

export const aliasActions: Readonly<Record<string, Action>> = {
  CreateStateMachineAlias: action(
    z.looseObject({ name: AliasName, routingConfiguration: Routes }),
    ({ name, routingConfiguration }, service) => {
      const machine = machineOf(service, routingConfiguration);
      const now = service.clock.now();
      const arn = `${machine.arn}:${name}`;
      if (machine.aliases.has(name)) throw new ApiError("ConflictException", `The alias exists: '${arn}'`);
      machine.aliases.set(name, { arn, routes: routesOf(routingConfiguration), createdAt: now, updatedAt: now });
      return { stateMachineAliasArn: arn, creationDate: seconds(now) };
    },
  ),
  UpdateStateMachineAlias: action(
    z.looseObject({ stateMachineAliasArn: z.string(), routingConfiguration: Routes.optional() }),
    ({ stateMachineAliasArn, routingConfiguration }, service) => {
      const alias = aliasOf(service, stateMachineAliasArn);
      if (routingConfiguration !== undefined) {
        machineOf(service, routingConfiguration);
        alias.routes = routesOf(routingConfiguration);
      }
      alias.updatedAt = service.clock.now();
      return { updateDate: seconds(alias.updatedAt) };
    },
  ),
  DescribeStateMachineAlias: action(
    z.looseObject({ stateMachineAliasArn: z.string() }),
    ({ stateMachineAliasArn }, service) => {
      const { arn, routes, createdAt, updatedAt } = aliasOf(service, stateMachineAliasArn);
      return {
        stateMachineAliasArn: arn,
        name: arn.slice(arn.lastIndexOf(":") + 1),
        routingConfiguration: routes.map(({ versionArn, weight }) => ({ stateMachineVersionArn: versionArn, weight })),
        creationDate: seconds(createdAt),
        updateDate: seconds(updatedAt),
      };
    },
  ),
  ListStateMachineAliases: action(z.looseObject({ stateMachineArn: z.string() }), ({ stateMachineArn }, service) => {
    const aliases = [...found(service, stateMachineArn).aliases.values()];
    return {
      stateMachineAliases: aliases.map(({ arn, createdAt }) => ({
        stateMachineAliasArn: arn,
        creationDate: seconds(createdAt),
      })),
    };
  }),
};

function routesOf(routes: z.infer<typeof Routes>): StateMachineAlias["routes"] {
  return routes.map(({ stateMachineVersionArn, weight }) => ({ versionArn: stateMachineVersionArn, weight }));
}

/** The one machine that all routes lead to, by versions that are there. */
function machineOf(service: Service, routes: z.infer<typeof Routes>): StateMachine {
  const arns = new Set(routes.map((route) => route.stateMachineVersionArn.replace(/:\d+$/, "")));
  const [arn = ""] = arns;
  const machine = found(service, arn);
  const total = routes.reduce((sum, { weight }) => sum + weight, 0);
  const known = routes.every((route) =>
    machine.versions.has(Number(/:(\d+)$/.exec(route.stateMachineVersionArn)?.[1])),
  );
  if (arns.size > 1 || total !== 100 || !known) {
    throw new ApiError("ValidationException", "Routes lead to versions of one machine, with 100 as the sum of weights");
  }
  return machine;
}

function aliasOf(service: Service, arn: string): StateMachineAlias {
  const [, base = "", name = ""] = /^(.*):([^:]+)$/.exec(arn) ?? [];
  const alias = found(service, base).aliases.get(name);
  if (alias === undefined) throw new ApiError("ResourceNotFound", `Resource Not Found: '${arn}'`);
  return alias;
}
