/** Flows and the roles that they ask. */
import { ok, problem, warning, type Check } from "../../flow/check-up.ts";
import { setUpLines } from "../start-lines.ts";
import type { Patient } from "./examine.ts";

export function flowCheck({ flows }: Pick<Patient, "flows">): Check {
  const { all, problems, folders } = flows;
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first !== undefined) {
    const files = new Set(errors.map(({ file }) => file)).size;
    const message = `${files} ${files === 1 ? "file has" : "files have"} problems, the first at ${first.file}:${first.line}: ${first.message}`;
    return problem("flows", message, "npx revops validate tells all of them.");
  }
  if (all.length === 0) return problem("flows", `there is none in ${folders.join(", ")}`, "Look at REVOPS_FLOWS.");
  const [, ...more] = problems;
  const said = `${all.length} can be started`;
  if (problems.length === 0) return ok("flows", said);
  const words = `${said}; ${more.length + 1} ${more.length === 0 ? "warning" : "warnings"}`;
  return warning("flows", words, "npx revops validate tells them.");
}

export async function roleCheck({
  flows,
  configuration,
  people,
}: Pick<Patient, "flows" | "configuration" | "people">): Promise<Check> {
  const { roles } = configuration;
  const lines = flows.all.length === 0 ? [] : setUpLines({ flows: flows.all, folders: flows.folders, roles });
  const [first, ...others] = lines;
  if (first !== undefined) {
    const more = others.length === 0 ? "" : `, and ${others.length} more like it`;
    return problem("roles", `${first}${more}`, "Such an approval fails when it is asked: add the role to revops.yml.");
  }
  const found = await Promise.all(
    Object.entries(roles).map(async ([role, named]) => {
      const resolved = people === null ? named : await people.resolve({ reference: `role:${role}` });
      return resolved.length === 0 ? [role] : [];
    }),
  );
  const empty = found.flat();
  if (empty.length === 0) return ok("roles", "all that flows ask are in revops.yml, and somebody is in each");
  return warning(
    "roles",
    `nobody can be found in ${empty.join(", ")}`,
    "Look at the addresses and groups under roles in revops.yml.",
  );
}
