/** The terminal beside the real app on the same file: is what it records taken up, also from a terminal or an app that is killed? */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { startAppProcess, type AppProcess } from "../scene/app-process.ts";
import { openExecutions, postedKeys } from "../scene/record.ts";

const root = join(import.meta.dirname, "../..");
/** The app looks every other second; a machine may be busy. */
const patient = { timeout: 20_000, interval: 100 };

function terminal(app: AppProcess, ...args: string[]) {
  const child = spawn(process.execPath, [join(root, "src/cli.ts"), ...args, "--json"], {
    cwd: root,
    env: { PATH: process.env["PATH"], REVOPS_STATE: `sqlite:${join(app.folder, "revops.db")}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  const document = new Promise<unknown>((resolve, reject) => {
    child.once("close", (code) => {
      if (code === null) reject(new Error("killed"));
      else resolve(JSON.parse(out));
    });
  });
  return { child, document };
}

const Started = z.object({ execution_id: z.string() });
const Listed = z.object({
  executions: z.array(
    z.object({ execution_id: z.string(), status: z.string(), waiting_for: z.array(z.object({ kind: z.string() })) }),
  ),
});

async function start(app: AppProcess, customerId: string): Promise<string> {
  return Started.parse(await terminal(app, "run", "renewal_management", customerId).document).execution_id;
}

async function standing(app: AppProcess, executionId: string): Promise<string> {
  const [execution] = Listed.parse(await terminal(app, "status", executionId).document).executions;
  return execution?.waiting_for[0]?.kind ?? execution?.status ?? "nowhere";
}

describe("a start from the terminal", () => {
  test("is driven by the app within seconds, and its abort shown on the card that stands", async () => {
    const app = await startAppProcess();
    const executionId = await start(app, "cust-10021");
    await expect.poll(() => standing(app, executionId), patient).toBe("approval");
    // The card, and in its thread what stands behind it.
    await expect.poll(() => postedKeys(app.folder), patient).toHaveLength(2);
    expect(await terminal(app, "abort", executionId).document).toEqual({ aborted: [executionId], refused: [] });
    expect(await standing(app, executionId)).toBe("aborted");
    await expect.poll(() => openExecutions(app.folder), patient).toEqual([]);
    expect(postedKeys(app.folder)).toHaveLength(2);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
  });

  test("while no app lives waits for the next one, and comes once", async () => {
    const app = await startAppProcess();
    await app.kill();
    const executionId = await start(app, "cust-10021");
    expect(await standing(app, executionId)).toBe("running");
    await app.restart();
    await expect.poll(() => standing(app, executionId), patient).toBe("approval");
    const keys = postedKeys(app.folder);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    expect(await app.stop()).toEqual({ code: 0, signal: null });
  });
});

test("terminals that are killed at any moment leave whole executions or none", async () => {
  const app = await startAppProcess();
  const lives = Array.from({ length: 12 }, (_, index) => {
    const { child, document } = terminal(app, "run", "renewal_management");
    // From before it has opened the store until after it has answered.
    setTimeout(() => child.kill("SIGKILL"), 100 + index * 120);
    return document.catch(() => null);
  });
  await Promise.all(lives);
  await terminal(app, "run", "renewal_management").document;
  // Whatever was recorded is driven to its approval or end, and each card stands once.
  const isQuiet = async () => {
    const { executions } = Listed.parse(await terminal(app, "status", "--status", "running").document);
    return (
      executions.length > 0 &&
      executions.every(({ waiting_for }) => waiting_for.some(({ kind }) => kind === "approval"))
    );
  };
  await expect.poll(isQuiet, patient).toBe(true);
  const cards = postedKeys(app.folder);
  expect(cards.toSorted()).toEqual([...new Set(cards)].toSorted());
  expect(await app.stop()).toEqual({ code: 0, signal: null });
});
