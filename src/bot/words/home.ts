/** What a person's App Home shows, asked of the engine. */
import type { Person } from "../../flow/person.ts";
import type { BotServices } from "../services.ts";
import type { HomeFacts } from "../views/home.ts";

const waitingShown = 5;
const casesShown = 5;

export async function homeFacts(services: BotServices, person: Person): Promise<HomeFacts> {
  const { engine, channels, clock, timezone } = services;
  const [waiting, personal, flows, cases] = await Promise.all([
    engine.waiting({ person, offset: 0, limit: waitingShown }),
    engine.personal({ person }),
    engine.flows(),
    person.email === null ? { items: [], total: 0 } : engine.cases({ owner: person.email, limit: casesShown }),
  ]);
  return { waiting, personal, flows, cases, channels, now: clock.now(), timezone };
}
