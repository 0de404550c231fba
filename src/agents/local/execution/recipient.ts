/** Recipients as flows give them: each one strict address. A missing one and a bad one are different failures. */
import { z } from "zod";
import { FailureError } from "../../../flow/failure.ts";
import { isMailAddress } from "../../../flow/mail-address.ts";

/** Null where the customer's field is empty; the check below names it. */
export const RecipientParameter = z.string().nullable();

export function recipient(given: string | null, { what }: { what: string }): string {
  if (given === null || given.trim() === "") {
    throw new FailureError({
      error: "Recipient.Missing",
      cause: `${what} is missing; the customer may have no address.`,
    });
  }
  if (isMailAddress(given)) return given.toLowerCase();
  throw new FailureError({
    error: "Input.Invalid",
    cause: `${what} ${JSON.stringify(given)} is not one mail address.`,
  });
}

/** Somebody named twice is told once: two effects of one step must not share a key (E1). */
export function recipients(given: readonly (string | null)[], { what }: { what: string }): [string, ...string[]] {
  const [first, ...others] = new Set(given.map((one) => recipient(one, { what })));
  if (first !== undefined) return [first, ...others];
  throw new FailureError({ error: "Recipient.Missing", cause: `${what} is missing; the list is empty.` });
}
