import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PageChange, PageMessage } from "../../../src/sandbox/page-api.ts";
import { compareTs } from "../../../src/sandbox/page/channel-log.ts";
import {
  applyChange,
  directMessagesOf,
  newWorkspace,
  replaceMessages,
  seenIn,
} from "../../../src/sandbox/page/workspace.ts";
import { fakeState, LEAD, LEAD_DIRECT, message, REVOPS } from "./fake-data.ts";

describe("does the page end where the server is?", () => {
  test("a change that comes again, or an older one before a newer, does no harm", () => {
    const first = message({ text: "1" });
    const versions = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(versions, (numbers) => {
        const workspace = newWorkspace(fakeState());
        const changes: PageChange[] = numbers.map((each) => ({
          type: "message",
          message: { ...first, text: String(each) },
        }));
        for (const change of [...changes, ...changes]) applyChange(workspace, change);
        expect(seenIn(workspace, REVOPS, LEAD).all.map(({ text }) => text)).toEqual([String(numbers.at(-1))]);
      }),
    );
  });

  test("a message that didn't change keeps its identity over a reload", () => {
    const workspace = newWorkspace(fakeState());
    const [same, edited] = [message({ text: "same" }), message({ text: "old" })];
    replaceMessages(workspace, REVOPS, [same, edited]);
    replaceMessages(workspace, REVOPS, [structuredClone(same), { ...edited, text: "new" }]);
    const shown = seenIn(workspace, REVOPS, LEAD).all;
    expect(shown[0]).toBe(same);
    expect(shown[1]?.text).toBe("new");
  });

  test("a reload drops what was deleted meanwhile", () => {
    const workspace = newWorkspace(fakeState());
    const gone = message();
    replaceMessages(workspace, REVOPS, [gone]);
    replaceMessages(workspace, REVOPS, []);
    expect(seenIn(workspace, REVOPS, LEAD).all).toEqual([]);
  });

  test("a mail that comes twice stands once, the newest first", () => {
    const workspace = newWorkspace(fakeState());
    const mail = { from: "", to: [], subject: "", html: null, text: null, headers: [] };
    const older = { ...mail, id: "a", at: "2026-11-24T08:00:00.000Z" };
    const newer = { ...mail, id: "b", at: "2026-11-24T09:00:00.000Z" };
    for (const each of [newer, older, newer]) applyChange(workspace, { type: "mail", mail: each });
    expect(workspace.mails.map(({ id }) => id)).toEqual(["b", "a"]);
  });
});

test("are messages in order whatever the digits of their ts?", () => {
  const ts: PageMessage["ts"][] = ["1795528800.000010", "1795528800.000009", "999999999.000001"];
  expect(ts.toSorted(compareTs)).toEqual(["999999999.000001", "1795528800.000009", "1795528800.000010"]);
});

test("are somebody else's direct messages kept from the acting person?", () => {
  const workspace = newWorkspace(fakeState());
  expect(directMessagesOf(workspace, LEAD).map(({ id }) => id)).toEqual([LEAD_DIRECT]);
});
