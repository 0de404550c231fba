/** The value of what has no field in it: the same for every customer of a firing. */
import { bareCustomer } from "../../../flow/customer.ts";
import { compile, type Moment } from "../../../flow/filter/evaluate.ts";
import type { Node } from "../../../flow/filter/node.ts";
import type { Value } from "../../../flow/filter/value.ts";

export function constantOf(node: Node, moment: Moment): Value {
  return compile(node)({ customer: nobody, moment });
}

const nobody = bareCustomer("");
