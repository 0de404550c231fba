/** The one customer that a text means, by id or name; a clear word where it means none or several. */
import { noSuchCustomer } from "../bot/words/one-customer.ts";
import type { Engine } from "../engine/engine.ts";
import type { Customer } from "../flow/customer.ts";
import { CommandError } from "./errors.ts";
import { plain } from "./plain.ts";

const mostShown = 10;

export async function oneCustomer(
  engine: Pick<Engine, "findCustomers" | "nearestCustomers">,
  text: string,
): Promise<Customer> {
  const found = await engine.findCustomers({ text });
  // An id is exact: a customer whose name is another one's id must not hide that one.
  const byId = found.find((customer) => customer.id === text);
  const [first, ...others] = found;
  if (byId !== undefined) return byId;
  if (first === undefined) throw new CommandError([noSuchCustomer(text, await engine.nearestCustomers({ text }))]);
  if (others.length === 0) return first;
  const lines = found.slice(0, mostShown).map(({ id, name, segment, region, account_manager_name }) => {
    const marks = [name, segment, region, account_manager_name].filter((mark) => mark !== null && mark !== "");
    return `  ${plain([id, ...marks].join(" · "))}`;
  });
  const more = found.length > mostShown ? [`  and ${found.length - mostShown} more`] : [];
  throw new CommandError([
    `${found.length} customers are called “${plain(text)}”; name one by its id:`,
    ...lines,
    ...more,
  ]);
}
