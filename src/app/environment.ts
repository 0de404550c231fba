/**
 * The environment as settings are read from it: an empty value counts as unset, a half-set group names what is missing, and
 * a name that is nearly one of ours is told instead of doing nothing. No value of a secret gets into a problem (T3).
 */
import { distance } from "fastest-levenshtein";
import { nearest } from "../flow/nearest.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Two slips. More would take other programs' names, such as GOOGLE_API_KEY, for ours. */
const mostSlips = 2;

/** Settings that belong together. `others` may each be left out, but mean nothing without the needed ones. */
export interface Group {
  needed: readonly string[];
  others?: readonly string[];
}

export class SettingsReader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Shells and containers write an empty value for an unset one. */
  text(name: string): string | null {
    const value = this.#environment[name]?.trim();
    return value === undefined || value === "" ? null : value;
  }

  /** Null: none of the group is set, or some of it is missing, which is reported. */
  group({ needed, others = [] }: Group): ReadonlyMap<string, string> | null {
    const values = [...needed, ...others].flatMap((name) => {
      const value = this.text(name);
      return value === null ? [] : [[name, value] as const];
    });
    const isSet = values.map(([name]) => name);
    const missing = needed.filter((name) => !isSet.includes(name));
    this.slips([...needed, ...others]);
    if (isSet.length > 0 && missing.length > 0) this.problems.push(halfSet({ isSet, missing }));
    return missing.length > 0 ? null : new Map(values);
  }

  /** Where a group is in use, names that are nearly those of it that are unset: what was meant is nowhere. */
  slips(group: readonly string[]): void {
    const unset = group.filter((name) => this.text(name) === null);
    if (unset.length === group.length) return;
    const prefixes = group.map((name) => name.slice(0, name.indexOf("_") + 1));
    for (const name of Object.keys(this.#environment)) {
      if (group.includes(name) || !prefixes.some((prefix) => name.startsWith(prefix))) continue;
      const meant = unset.find((one) => distance(name, one) <= mostSlips);
      if (meant !== undefined) this.problems.push(noSetting(name, meant));
    }
  }

  /** Every name that begins so is ours. What all have in common makes no two of them alike. */
  unknown({ prefix, known }: { prefix: string; known: readonly string[] }): void {
    const endings = known.map((name) => name.slice(prefix.length));
    for (const name of Object.keys(this.#environment)) {
      if (!name.startsWith(prefix) || known.includes(name)) continue;
      const near = nearest(name.slice(prefix.length), endings);
      this.problems.push(noSetting(name, near === null ? null : `${prefix}${near}`));
    }
  }
}

/** `missing` in words, where several would do. */
export function halfSet({ isSet, missing }: { isSet: readonly string[]; missing: readonly string[] }): string {
  const have = `${isSet.join(" and ")} ${verb(isSet)} set, but ${missing.join(" and ")} ${verb(missing)} not`;
  return `${have}. Set what is missing too, or none of them.`;
}

function verb(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}

function noSetting(name: string, near: string | null): string {
  return `${name} is no setting.${near === null ? "" : ` Did you mean ${near}?`}`;
}
