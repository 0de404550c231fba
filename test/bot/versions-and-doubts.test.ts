/** A flow's versions, and doubts that are settled from a list. Through the real Bolt App. */
import { describe, expect, test } from "vitest";
import { definitionHash } from "../../src/flow/flow.ts";
import { actionIds, encodeEffect } from "../../src/notify/slack/action-ids.ts";
import { executionId } from "../notify/slack/pictures/sample-executions.ts";
import { bot } from "./bot-harness.ts";
import { dana, definition, header } from "./fake-engine.ts";
import { command, press } from "./fake-slack.ts";
import { doubtfulExecution } from "./open-execution.ts";
import { ways } from "./slack-delivery.ts";

const at = 1_800_000_000_000;

describe.each(ways)("over %s", (way) => {
  describe("a flow's versions", () => {
    const before = definition({ version: "1.0" });
    const after = definition({ version: "2.0", description: "Watches <!channel>" });
    const version = (of: typeof before, running: number, isCurrent: boolean) => ({
      hash: definitionHash(of),
      version: of.version,
      storedAt: at,
      running,
      isCurrent,
    });

    test("newest first, with what of each runs and what the newest has changed", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.definitions = [after, before];
      engine.versionList = [version(after, 0, true), version(before, 12, false)];
      await receiver.deliver(command("flows Renewal_Management"));
      expect(engine.of("versions")).toEqual([{ flowId: "renewal_management" }]);
      expect(answer()).toMatch(/\*2 versions\*, newest first.*`2\.0` .*starts now · none running.*`1\.0` .*12 running/);
      expect(answer()).toMatch(
        /What changed from 1\.0 to 2\.0.*description: .*Watches renewals.*→.*Watches &lt;!channel&gt;/,
      );
      expect(answer()).not.toContain("<!channel>");
    });

    test("one version has nothing to be compared with", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.versionList = [version(before, 0, true)];
      await receiver.deliver(command("flows renewal_management"));
      expect(answer()).toContain("*1 version*");
      expect(answer()).not.toContain("What changed");
    });

    test("one whose file is gone says that nothing of it starts", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.definitions = [];
      engine.versionList = [version(before, 0, false)];
      await receiver.deliver(command("flows renewal_management"));
      expect(answer()).toContain("No file has it any more");
    });
  });

  describe("doubts in the list", () => {
    const waiting = {
      kind: "doubt" as const,
      step_id: "send_offer",
      people: [],
      references: [],
      requester_id: null,
      listed: false,
      execution_id: null,
      since: at,
      until: null,
    };
    const key = `${executionId}/send_offer/dana.reyes@example.com`;

    test.each([["status"], [`status ${executionId}`], ["status renewal"]])(
      "%s shows what was to be sent, with both answers",
      async (line) => {
        const { receiver, engine, answer } = await bot(way);
        engine.states = [doubtfulExecution()];
        engine.definitions = [definition({ flow_id: "renewal" })];
        engine.headers = [header({ execution_id: executionId, flow_id: "renewal", waiting_for: [waiting] })];
        await receiver.deliver(command(line));
        expect(answer()).toMatch(/In doubt:\* mail to dana\.reyes@example\.com — Your offer.*did it arrive\?/);
        expect(answer()).toContain("It arrived");
        expect(answer()).toContain("Send again");
        expect(answer()).toContain(JSON.stringify(encodeEffect({ effectKey: key })));
      },
    );

    test.each([
      [actionIds.arrivedListed, "arrived", "Recorded as arrived: it is not sent again"],
      [actionIds.sendAgainListed, "send_again", "Recorded: it is sent again"],
    ])("%s is answered, since a list can't change", async (id, word, said) => {
      const { receiver, engine, ephemeral } = await bot(way);
      await receiver.deliver(press(id, encodeEffect({ effectKey: key })));
      expect(engine.of("resolveDoubt")).toEqual([{ effectKey: key, person: dana, answer: word }]);
      expect(ephemeral()).toContain(said);
    });
  });
});
