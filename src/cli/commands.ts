/** The commands of the terminal, in the order in which help lists them. */
import type { Command } from "./command.ts";
import { approvals } from "./commands/approvals.ts";
import { customers } from "./commands/customers.ts";
import { flows } from "./commands/flows.ts";
import { next } from "./commands/next.ts";
import { run } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";

export const commands: readonly Command[] = [run, statusCommand, flows, approvals, next, customers];
