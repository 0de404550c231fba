/** `revops.yml`: variables, roles and channels, checked with file, line and column. */
import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { nearest } from "../flow/nearest.ts";

export const Configuration = z.strictObject({
  variables: z.record(z.string(), z.string()).default({}),
  roles: z.record(z.string(), z.array(z.string().min(1))).default({}),
  channels: z
    .strictObject({
      default: z.string().default("#revops"),
      alerts: z.string().default("#renewals"),
      flows: z.record(z.string(), z.string()).default({}),
    })
    .default({ default: "#revops", alerts: "#renewals", flows: {} }),
});
export type Configuration = z.infer<typeof Configuration>;

/** Of DESIGN §6, but for later: said rather than ignored. */
const later = ["people", "limits", "retention"];

export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Null: there is no such file. */
export async function readConfiguration(file: string): Promise<Configuration | null> {
  try {
    return parseConfiguration({ file, text: await readFile(file, "utf8") });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

export function parseConfiguration({ file, text }: { file: string; text: string }): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split("\n")[0]}`),
    );
  }
  const parsed = Configuration.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const place = (path: PropertyKey[]) => {
    const node = document.getIn(path, true);
    const range =
      typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? node.range : null;
    return at(typeof range?.[0] === "number" ? range[0] : 0);
  };
  throw new ConfigurationError(parsed.error.issues.flatMap((issue) => problems(issue, place)));
}

function problems(issue: z.core.$ZodIssue, place: (path: PropertyKey[]) => string): string[] {
  if (issue.code !== "unrecognized_keys") return [`${place(issue.path)}: ${issue.path.join(".")}: ${issue.message}.`];
  return issue.keys.map((key) => {
    const where = place([...issue.path, key]);
    if (issue.path.length === 0 && later.includes(key)) return `${where}: ${key} is not supported yet.`;
    const near = nearest(
      key,
      issue.path.length === 0 ? Object.keys(Configuration.shape) : ["default", "alerts", "flows"],
    );
    return `${where}: there is no setting ${key}.${near === null ? "" : ` Did you mean ${near}?`}`;
  });
}

/** `REVOPS_ADMIN_EMAIL` wins over the variable. */
export function withAdmin(configuration: Configuration, adminEmail: string | null): Configuration {
  if (adminEmail === null) return configuration;
  return { ...configuration, variables: { ...configuration.variables, admin_email: adminEmail } };
}
