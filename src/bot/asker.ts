/** The person behind a click or a word, as the engine knows people (A2). */
import type { Person } from "../flow/person.ts";
import type { People } from "../notify/notifier.ts";

/** Nobody in the directory is still somebody who clicked: without a mail address they match only by user id. */
export async function asker(parameters: { people: People; userId: string; name: string }): Promise<Person> {
  const { people, userId, name } = parameters;
  return (await people.find({ userId })) ?? { user_id: userId, email: null, name };
}
