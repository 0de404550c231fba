/** Whether somebody is among those whom references name; asked of the workspace at each click (A2). */
import type { Person } from "../flow/person.ts";
import type { EngineContext } from "./context.ts";

export async function isAmong(
  { people }: Pick<EngineContext, "people">,
  person: Person,
  references: readonly string[],
): Promise<boolean> {
  for (const reference of references) {
    const named = await people.resolve({ reference });
    if (named.some(({ user_id }) => user_id === person.user_id)) return true;
  }
  return false;
}
