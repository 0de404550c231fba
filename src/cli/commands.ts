/** The commands of the terminal, in the order in which help lists them. */
import type { Command } from "./command.ts";
import { customers } from "./commands/customers.ts";
import { next } from "./commands/next.ts";

export const commands: readonly Command[] = [next, customers];
