/**
 * `npx revops deploy`: what deployment/ makes is planned, and given to AWS by the CDK's own terminal. Both are processes of their
 * own, as deployment/ has packages that the app doesn't. What AWS refuses is told in sentences that say what to do.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Environment } from "../environment.ts";
import { checkAccess } from "./access.ts";
import { DeployError } from "./deploy-error.ts";
import { explainRefusal } from "./refusal.ts";
import { type Plan, Told } from "./plan.ts";

export interface DeployParameters {
  environment: Environment;
  /** The project's folder. */
  folder: string;
  /** Null: deployment.yml, which may be missing. */
  settingsFile: string | null;
}

/** Asks AWS nothing. Rejects with a `DeployError`. */
export async function planDeployment({ environment, folder, settingsFile }: DeployParameters): Promise<Plan> {
  const plan = await told({
    environment,
    folder,
    words: ["synth", ...(settingsFile === null ? [] : [resolve(settingsFile)])],
  });
  if (plan === null)
    throw new DeployError(["The deployment's own process gave no plan. Run npm ci --prefix deployment."]);
  return plan;
}

export interface RunParameters extends DeployParameters {
  stacks: "all" | "state";
  /** Somebody sits there: the CDK itself asks about rights that become wider. */
  mayAsk: boolean;
  /** Nobody needs to be asked. Without either, wider rights stop the deployment. */
  isSure: boolean;
  /** Hears what the CDK says, as it comes. */
  say: (text: string) => void;
}

/** Rejects with a `DeployError`. */
export async function runDeployment(parameters: RunParameters): Promise<Plan> {
  const { environment, folder, stacks, mayAsk, isSure, say } = parameters;
  refuseWithoutPackages(folder);
  // It takes a moment, and a plan several seconds.
  const refused = await checkAccess();
  if (refused !== null) throw new DeployError(refused);
  const plan = await planDeployment(parameters);
  const chosen = stacks === "all" ? ["--all"] : [`${plan.name}-state`, "--exclusively"];
  const { code, output, errors } = await ran({
    environment,
    folder: join(folder, "deployment"),
    command: process.execPath,
    words: [
      join("node_modules", "aws-cdk", "bin", "cdk"),
      "deploy",
      ...chosen,
      "--app",
      "cdk.out",
      "--progress",
      "events",
      "--require-approval",
      isSure ? "never" : "broadening",
    ],
    say,
    asks: mayAsk,
  });
  if (code !== 0) throw new DeployError(explainRefusal(`${output}\n${errors}`));
  if (stacks === "all") await told({ environment, folder, words: ["deployed", plan.name] });
  return plan;
}

async function told(parameters: {
  environment: Environment;
  folder: string;
  words: readonly string[];
}): Promise<Plan | null> {
  const { environment, folder, words } = parameters;
  refuseWithoutPackages(folder);
  const { output, errors } = await ran({
    environment,
    folder,
    command: process.execPath,
    words: [join("deployment", "main.ts"), ...words],
    say: () => {},
    asks: false,
  });
  const answer = Told.safeParse(parsed(output));
  if (!answer.success) throw new DeployError(["The deployment could not be planned:", ...lastLines(errors)]);
  if (!answer.data.ok) throw new DeployError(answer.data.problems);
  return answer.data.plan;
}

function refuseWithoutPackages(folder: string): void {
  if (existsSync(join(folder, "deployment", "node_modules", "aws-cdk-lib"))) return;
  throw new DeployError([
    "The deployment has packages of its own. Get them by npm ci --prefix deployment, then try again.",
  ]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function lastLines(text: string): string[] {
  return text.trim().split("\n").slice(-5);
}

interface Ran {
  code: number;
  output: string;
  errors: string;
}

function ran(parameters: {
  environment: Environment;
  folder: string;
  command: string;
  words: readonly string[];
  say: (text: string) => void;
  asks: boolean;
}): Promise<Ran> {
  const { environment, folder, command, words, say, asks } = parameters;
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  const child = spawn(command, words, {
    cwd: folder,
    env: environment,
    stdio: [asks ? "inherit" : "ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    say(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
    say(text);
  });
  child.once("error", reject);
  child.once("close", (code) => resolve({ code: code ?? 1, output, errors }));
  return promise;
}
