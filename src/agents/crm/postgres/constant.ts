/** The value of what has no field in it: the same for every customer of a firing. */
import type { Customer } from "../../../flow/customer.ts";
import { compile, type Moment } from "../../../flow/filter/evaluate.ts";
import type { Node } from "../../../flow/filter/node.ts";
import type { Value } from "../../../flow/filter/value.ts";

export function constantOf(node: Node, moment: Moment): Value {
  return compile(node)({ customer: nobody, moment });
}

const nobody: Customer = {
  id: "",
  name: "",
  segment: null,
  region: null,
  timezone: null,
  account_manager_email: null,
  account_manager_name: null,
  csm_email: null,
  arr: null,
  currency: null,
  contract_start: null,
  renewal_date: null,
  notice_date: null,
  auto_renew: null,
  term_months: null,
  seats: null,
  status: null,
  created_at: null,
  nps: null,
  champion_status: null,
};
