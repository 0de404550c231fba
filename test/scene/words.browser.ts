/** Issue 3's scene, point 4, and what bad input gets: does every line get an answer that says what is so, or what to write? */
import { describe, expect, test } from "vitest";
import { useScene } from "./scene-page.ts";

const at = useScene();

describe("can somebody find out what runs, what waits and what can be done?", () => {
  test("status: what waits for whom; of one execution, each step with its times", async () => {
    await at.runFor("Acme Robotics");
    await at.goTo("#revops");
    const all = (await (await at.ask("/revops status")).textContent()) ?? "";
    expect(all).toContain("Waiting for Dana Reyes or a RevOps lead (1)");
    const [, id = ""] = /Acme Robotics · renewal_management · since today at \d\d:\d\d.* · ([\w-]+)/.exec(all) ?? [];
    expect(id).not.toBe("");
    const one = await at.ask(`/revops status ${id}`);
    const text = (await one.textContent()) ?? "";
    expect(text).toContain("Started by Morgan Lee today at");
    for (const step of ["retrieve_customer_data", "assess_renewal_risk", "generate_recommendations"]) {
      expect(text).toMatch(
        new RegExp(`• ${step} \\(.*\\) · succeeded · today at \\d\\d:\\d\\d:\\d\\d, took [\\d.]+ m?s`),
      );
    }
    expect(text).toMatch(
      /• approve_recommendations \(approval\) · waiting for Dana Reyes or a RevOps lead · since today at/,
    );
    expect(text).toMatch(/• send_notifications \(execution_agent\) · pending/);
    await at.picture("status");
    const ofCustomer = await at.ask("/revops status Acme Robotics");
    expect(await ofCustomer.textContent()).toContain("1 execution of Acme Robotics (cust-10021)");
  });

  test("approvals: nobody is promised what a click would refuse", async () => {
    await at.runFor("Acme Robotics");
    await at.goTo("#revops");
    expect(await (await at.ask("/revops approvals")).textContent()).toContain("Nothing waits for your decision.");
    await at.actAs("Dana Reyes");
    expect(await (await at.ask("/revops approvals")).textContent()).toMatch(/1 approval waits for you.*Acme Robotics/s);
  });

  test("flows with their next firing, help with every word, a near miss with the right one", async () => {
    const flows = (await (await at.ask("/revops flows")).textContent()) ?? "";
    expect(flows).toMatch(/renewal_management 2\.0 — .+\n.*fires next (today|tomorrow) at 09:00/);
    const help = (await (await at.ask("/revops help")).textContent()) ?? "";
    for (const word of ["run FLOW [CUSTOMER]", "status [EXECUTION", "flows", "approvals", "help [TOPIC]"]) {
      expect(help).toContain(`/revops ${word}`);
    }
    const near = await at.ask("/revops rnu");
    expect(await near.textContent()).toContain("rnu is no word of mine. Did you mean /revops run?");
    await at.picture("words");
  });
});

/** What is wrong, the line, and what must be in its answer. */
const badLines: readonly (readonly [string, string, string])[] = [
  ["an unknown flow", "run renewal_managment", "There is no flow renewal_managment. Did you mean renewal_management?"],
  [
    "an unknown customer",
    "run renewal_management Acme Robotcs",
    "No customer has the id or name “Acme Robotcs”. Did you mean “Acme Robotics”?",
  ],
  [
    "an unknown execution",
    "status 1m8bs2pdp-nowhere",
    "Nothing is called “1m8bs2pdp-nowhere”: no execution, flow or customer.",
  ],
  [
    "an unknown parameter",
    "run renewal_management Acme Robotics colour=blue",
    "renewal_management has no input colour. It takes customer_id.",
  ],
  [
    "a malformed name=value",
    "run renewal_management Acme Robotics =blue",
    "“=blue” can't be read: write name=value without spaces around “=”",
  ],
  ["a value that is missing", "run renewal_management colour=", "“colour=” has no value: write colour=VALUE"],
  ["an open quote", 'run renewal_management "Acme', "A quote is opened and not closed"],
  ["markup", "run <!channel>", "There is no flow"],
];

describe("does bad input get told what to do?", () => {
  test("each wrong line gets a sentence, nothing is started, and no stack trace is seen", async () => {
    for (const [what, line, expected] of badLines) {
      const answer = (await (await at.ask(`/revops ${line}`)).textContent()) ?? "";
      expect({ what, answer }).toEqual({ what, answer: expect.stringContaining(expected) });
      expect(answer).not.toMatch(/Error|\bat .+:\d+:\d+|node:/);
    }
    expect(await (await at.ask("/revops status")).textContent()).toContain("Nothing is running.");
  });
});
