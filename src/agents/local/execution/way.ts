/** How a person is told of something: by mail, by direct message, or both. */
import { z } from "zod";

export const Way = z.enum(["email", "slack", "both"]);
export type Way = z.infer<typeof Way>;

/** By mail address, in small letters; who isn't named has no preference. */
export type PreferredWays = ReadonlyMap<string, Way>;
