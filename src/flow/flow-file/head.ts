/** What a flow says of itself as a whole: its name and version, how long an execution may take, how many may run at once. */
import type { FlowDefinition } from "../flow.ts";
import { readConcurrency } from "./concurrency.ts";
import type { Fields, Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

export const headKeys = ["flow_id", "version", "description", "timeout", "concurrency"];

type Head = Pick<FlowDefinition, "flow_id" | "version" | "description" | "timeout_ms" | "concurrency"> & {
  /** Its expressions are checked once the roots are known. */
  concurrencyKey: SourceNode | null;
};

/** `flow_id` and `version` are empty where they can't be read. */
export function readHead(fields: Fields, reader: Reader): Head {
  const required = (key: string, example: string) => {
    const node = fields.get(key);
    if (node === null) reader.report.error(fields.at, `a flow needs a ${key}, such as ${example}`);
    return node;
  };
  const idNode = required("flow_id", "renewal_management");
  const versionNode = required("version", '"1.0"');
  const description = fields.get("description");
  const timeout = fields.get("timeout");
  const { concurrency, key } = readConcurrency(fields.get("concurrency"), reader);
  return {
    flow_id: (idNode === null ? null : reader.id(idNode, "flow_id")) ?? "",
    version: versionNode === null ? "" : readVersion(versionNode, reader),
    description: description === null ? null : reader.text(description, "description"),
    timeout_ms: timeout === null ? null : reader.duration(timeout, "timeout"),
    concurrency,
    concurrencyKey: key,
  };
}

/** Without quotes YAML takes a version for a number; it is meant as written. */
function readVersion(node: SourceNode, reader: Reader): string {
  const isNumber = node.kind === "scalar" && typeof node.value === "number";
  const version = isNumber ? node.written : reader.text(node, "version");
  if (version === null) return "";
  if (/^\d{1,9}(\.\d{1,9}){0,4}$/.test(version)) return version;
  reader.report.error(node.at, `version "${version}" must be numbers with dots between, such as "1.0"`);
  return "";
}
