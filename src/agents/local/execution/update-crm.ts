/**
 * `update_crm`: plans a change of the customer's own fields in the CRM. Nothing is written here.
 *
 * What stands in the CRM now is read when this is planned, not when the execution began: it is what an approver is shown, and
 * what the writer compares with before it overwrites anything.
 */
import { z } from "zod";
import { FieldValue, WritableField } from "../../../flow/customer.ts";
import type { CrmChange } from "../../../flow/effect.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { fieldSchema, isSameValue, readFieldValue } from "../../crm/field-value.ts";
import { refused } from "../../crm/open-changes.ts";
import { noCustomer, unknownCustomer } from "../data/get-customer.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { asLine } from "./plain-text.ts";

export interface CrmWriting {
  /** The fields that flows may set. */
  writable: readonly WritableField[];
  /** Why nothing can be written where the customers come from; null: it can. */
  refusal: string | null;
}

export const nothingWritable: CrmWriting = { writable: [], refusal: null };

type Values = Partial<Record<string, FieldValue>>;

export function updateCrm({ source, writing }: { source: CustomerSource; writing: CrmWriting }): LocalAction {
  const refusal = refusalOf(writing);
  // Where no field may be written the reason is told, rather than that each is unknown.
  const fields = refusal === null ? writing.writable : WritableField.options;
  const values = z.strictObject(Object.fromEntries(fields.map((field) => [field, FieldValue.optional()])));
  return defineAction({
    agent: "execution_agent",
    action: "update_crm",
    parameters: parametersOf(fields),
    output: z.strictObject({
      customer_id: z.string(),
      before: values.describe("the fields that were named, as they were when this was planned"),
      after: values.describe("the same fields, as they are to be"),
    }),
    reads: [],
    plansEffects: true,
    readsCustomer: true,
    unavailable: refusal ?? undefined,
    run: async ({ fields: given, reason }, { customer: known, signal }) => {
      if (refusal !== null) throw refused(`Nothing can be written to the CRM: ${refusal}.`);
      if (known === null) throw noCustomer("update_crm");
      const customer = await source.get({ customerId: known.id, signal });
      if (customer === null) throw unknownCustomer(known.id);
      const { id, name } = customer;
      const named = changesOf(given, (field) => customer[field]);
      const changes = named.filter(({ field, from, to }) => !isSameValue(field, from, to));
      const output = {
        customer_id: id,
        before: Object.fromEntries(named.map(({ field, from }) => [field, from])),
        after: Object.fromEntries(named.map(({ field, to }) => [field, to])),
      };
      const effect = { kind: "crm_update" as const, customer: { id, name }, changes, reason: asLine(reason) };
      return { output, effects: changes.length === 0 ? [] : [{ target: `crm:${id}`, effect }] };
    },
  });
}

/** Null: something may be written. */
function refusalOf({ writable, refusal }: CrmWriting): string | null {
  if (refusal !== null || writable.length > 0) return refusal;
  return "revops.yml lists no field under crm.writable";
}

function parametersOf(fields: readonly WritableField[]): z.ZodType<{ fields: Values; reason: string }> {
  const shape = Object.fromEntries(fields.map((field) => [field, fieldSchema(field).optional()]));
  return z
    .strictObject({
      fields: z
        .strictObject(shape)
        .refine((given) => Object.keys(given).length > 0, { error: "names no field", when: isSound })
        .describe(
          "the customer's fields and their new values, of those that revops.yml lists under crm.writable; null empties one",
        ),
      reason: z.string().trim().min(1).max(500).describe("why, for whoever approves it, and for the audit"),
    })
    .describe(
      "Plans a change of the customer's fields in the CRM. One that somebody else has changed meanwhile is refused, not overwritten.",
    );
}

/** Where the names are wrong already, it has been said. */
function isSound({ issues }: { issues: readonly unknown[] }): boolean {
  return issues.length === 0;
}

function changesOf(given: Values, now: (field: WritableField) => FieldValue): CrmChange[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const field = WritableField.parse(name);
    const read = readFieldValue(field, value);
    if (read.kind === "fault") throw new Error(`${field} was checked: ${read.message}`);
    return [{ field, from: now(field), to: read.value }];
  });
}
