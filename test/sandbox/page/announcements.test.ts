import { expect, test } from "vitest";
import { announcementText } from "../../../src/sandbox/page/announcements.ts";

test("is one message read out whole, and a burst in one sentence?", () => {
  const card = { author: "RevOps Flows", text: "Acme Robotics\nrenews in 21 days" };
  expect(announcementText([])).toBe("");
  expect(announcementText([card])).toBe("RevOps Flows: Acme Robotics renews in 21 days");
  const burst = Array.from({ length: 15 }, () => card);
  expect(announcementText(burst)).toBe("15 new messages. Last, RevOps Flows: Acme Robotics renews in 21 days");
});

test("is a wall of text cut?", () => {
  expect(announcementText([{ author: "A", text: "x".repeat(5_000) }]).length).toBeLessThan(210);
});
