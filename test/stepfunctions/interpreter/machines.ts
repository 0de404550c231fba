/** State machines by ARN, with versions and aliases; every update is a revision that running executions don't see. */
import { admitText } from "./machine-rules.ts";
import type { Machine } from "./machine.ts";

export const region = "eu-central-1";
export const account = "123456789012";
const prefix = `arn:aws:states:${region}:${account}`;
export const defaultRole = `arn:aws:iam::${account}:role/state-machines`;

export interface StateMachine {
  arn: string;
  name: string;
  definition: string;
  machine: Machine;
  roleArn: string;
  revisionId: string;
  createdAt: number;
  updatedAt: number;
  /** By number, never changed. */
  versions: Map<number, { machine: Machine; definition: string; revisionId: string; createdAt: number }>;
  /** The last version's number, also when it is deleted. */
  lastVersion: number;
  aliases: Map<string, StateMachineAlias>;
}

export interface StateMachineAlias {
  arn: string;
  routes: { versionArn: string; weight: number }[];
  createdAt: number;
  updatedAt: number;
}

/** What an execution runs: a machine as it stands, one of its versions, or what an alias points to. */
export interface Resolved {
  stateMachine: StateMachine;
  machine: Machine;
  definition: string;
  versionArn: string | null;
  aliasArn: string | null;
}

export class Machines {
  readonly #byArn = new Map<string, StateMachine>();
  readonly #references = new Map<string, string>();
  readonly #removed = new WeakSet<StateMachine>();
  #revisions = 0;

  /** Throws `InvalidDefinition`. */
  create(asked: { name: string; definition: unknown; roleArn?: string; now: number }): StateMachine {
    const definition = JSON.stringify(asked.definition);
    const machine = admitText(definition);
    const arn = machineArn(asked.name);
    const created: StateMachine = {
      arn,
      name: asked.name,
      definition,
      machine,
      roleArn: asked.roleArn ?? defaultRole,
      revisionId: this.#revision(),
      createdAt: asked.now,
      updatedAt: asked.now,
      versions: new Map(),
      lastVersion: 0,
      aliases: new Map(),
    };
    this.#byArn.set(arn, created);
    return created;
  }

  /** Executions under way keep the definition that they started with. Throws `InvalidDefinition`. */
  update(machine: StateMachine, asked: { definition?: unknown; roleArn?: string; now: number }): void {
    if (asked.definition !== undefined) {
      const definition = JSON.stringify(asked.definition);
      machine.machine = admitText(definition);
      machine.definition = definition;
    }
    if (asked.roleArn !== undefined) machine.roleArn = asked.roleArn;
    machine.revisionId = this.#revision();
    machine.updatedAt = asked.now;
  }

  /** Of an unchanged revision the version that is there already. */
  publish(machine: StateMachine, now: number): { arn: string; createdAt: number } {
    for (const [number, version] of machine.versions) {
      if (version.revisionId === machine.revisionId)
        return { arn: `${machine.arn}:${number}`, createdAt: version.createdAt };
    }
    machine.lastVersion += 1;
    const { machine: content, definition, revisionId } = machine;
    machine.versions.set(machine.lastVersion, { machine: content, definition, revisionId, createdAt: now });
    return { arn: `${machine.arn}:${machine.lastVersion}`, createdAt: now };
  }

  /** So that `StateMachineArn` may say something else, such as a placeholder. */
  refer(reference: string, machine: StateMachine): void {
    this.#references.set(reference, machine.arn);
  }

  /** Its executions end at their next transition, and then nobody knows them any more. */
  remove(machine: StateMachine): void {
    this.#byArn.delete(machine.arn);
    this.#removed.add(machine);
  }

  isRemoved(machine: StateMachine): boolean {
    return this.#removed.has(machine);
  }

  all(): StateMachine[] {
    return [...this.#byArn.values()];
  }

  find(arn: string): StateMachine | undefined {
    return this.#byArn.get(this.#references.get(arn) ?? arn);
  }

  /** `fraction` draws among an alias's routes. */
  resolve(arn: string, fraction: () => number): Resolved | undefined {
    const plain = this.find(arn);
    if (plain !== undefined) {
      const { machine, definition } = plain;
      return { stateMachine: plain, machine, definition, versionArn: null, aliasArn: null };
    }
    const [, base = "", qualifier = ""] = /^(.*):([^:]+)$/.exec(arn) ?? [];
    const stateMachine = this.find(base);
    if (stateMachine === undefined) return undefined;
    const alias = stateMachine.aliases.get(qualifier);
    if (alias === undefined) return versionOf(stateMachine, { number: Number(qualifier), aliasArn: null });
    let draw = fraction() * 100;
    const route = alias.routes.find(({ weight }) => (draw -= weight) < 0) ?? alias.routes[0];
    const number = Number(route?.versionArn.slice(stateMachine.arn.length + 1));
    return versionOf(stateMachine, { number, aliasArn: arn });
  }

  #revision(): string {
    this.#revisions += 1;
    return `00000000-0000-4000-8000-${this.#revisions.toString(16).padStart(12, "0")}`;
  }
}

function versionOf(
  stateMachine: StateMachine,
  { number, aliasArn }: { number: number; aliasArn: string | null },
): Resolved | undefined {
  const version = stateMachine.versions.get(number);
  if (version === undefined) return undefined;
  const { machine, definition } = version;
  return { stateMachine, machine, definition, versionArn: `${stateMachine.arn}:${number}`, aliasArn };
}

export function machineArn(name: string): string {
  return `${prefix}:stateMachine:${name}`;
}

export function executionArn(machineName: string, name: string): string {
  return `${prefix}:execution:${machineName}:${name}`;
}

export function mapRunArn(machineName: string, label: string, id: string): string {
  return `${prefix}:mapRun:${machineName}/${label}:${id}`;
}
