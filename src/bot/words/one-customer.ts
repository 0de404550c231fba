/** The one customer that a text means, by id or name; a clear word where it means none or several. */
import { RequestError, type Engine } from "../../engine/engine.ts";
import type { Customer } from "../../flow/customer.ts";

const maxShown = 10;

export async function oneCustomer(parameters: {
  engine: Pick<Engine, "findCustomers" | "nearestCustomers">;
  text: string;
  /** What stands before the name: "run renewal_management". */
  line: string;
}): Promise<Customer> {
  const { engine, text, line } = parameters;
  const found = await engine.findCustomers({ text });
  // An id is exact: a customer whose name is another one's id must not hide that one.
  const byId = found.find((customer) => customer.id === text);
  const [first, ...others] = found;
  if (byId !== undefined) return byId;
  if (first === undefined) throw new RequestError(noSuchCustomer(text, await engine.nearestCustomers({ text })));
  if (others.length === 0) return first;
  throw new RequestError(severalOfOneName({ text, found, line }));
}

export function noSuchCustomer(text: string, nearest: string[]): string {
  const names = nearest.slice(0, 3).map((name) => `“${name}”`);
  const last = names.pop();
  const hint =
    last === undefined ? "" : ` Did you mean ${names.length === 0 ? last : `${names.join(", ")} or ${last}`}?`;
  return `No customer has the id or name “${text}”.${hint}`;
}

function severalOfOneName(parameters: { text: string; found: Customer[]; line: string }): string {
  const { text, found, line } = parameters;
  const lines = found.slice(0, maxShown).map((customer) => `• ${[customer.id, ...marks(customer)].join(" · ")}`);
  const more = found.length > maxShown ? [`and ${found.length - maxShown} more`] : [];
  const first = found[0]?.id ?? "CUSTOMER";
  return [
    `${found.length} customers are called “${text}”:`,
    ...lines,
    ...more,
    `Name one by its id, for example: /revops ${line} ${first}`,
  ].join("\n");
}

/** What tells customers of one name apart. */
function marks(customer: Customer): string[] {
  const marks = [customer.name, customer.segment, customer.region, customer.account_manager_name];
  return marks.filter((mark) => mark !== null).filter((mark) => mark !== "");
}
