/** The commands of the terminal, in the order in which help lists them. */
import type { Command } from "./command.ts";
import { abort } from "./commands/abort.ts";
import { approvals } from "./commands/approvals.ts";
import { cases } from "./commands/cases.ts";
import { compileCommand } from "./commands/compile.ts";
import { customerCommand } from "./commands/customer.ts";
import { customers } from "./commands/customers.ts";
import { deploy } from "./commands/deploy.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { flows } from "./commands/flows.ts";
import { graph } from "./commands/graph.ts";
import { history } from "./commands/history.ts";
import { metrics } from "./commands/metrics.ts";
import { model } from "./commands/model.ts";
import { newCommand } from "./commands/new.ts";
import { next } from "./commands/next.ts";
import { pause, resume } from "./commands/pause.ts";
import { redrive } from "./commands/redrive.ts";
import { replay } from "./commands/replay.ts";
import { run } from "./commands/run.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { statusCommand } from "./commands/status.ts";
import { template } from "./commands/template.ts";
import { test } from "./commands/test.ts";
import { validate } from "./commands/validate.ts";

export const commands: readonly Command[] = [
  run,
  statusCommand,
  explain,
  history,
  replay,
  metrics,
  approvals,
  cases,
  flows,
  graph,
  compileCommand,
  newCommand,
  validate,
  test,
  next,
  simulateCommand,
  customers,
  customerCommand,
  template,
  model,
  pause,
  resume,
  abort,
  redrive,
  doctor,
  exportCommand,
  deploy,
];
