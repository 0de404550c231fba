/** A customer's risk in the whole app: what it is now, and drawn with what executions have assessed before. */
import { expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene();

test("customer says risk, urgency and priority, and Over time draws it with what it was", async () => {
  await at.runFor("Acme Robotics");
  await at.moveClock("+1 day");
  await at.goTo("#revops");
  const answer = await at.ask("/revops customer Acme Robotics");
  const text = (await answer.textContent()) ?? "";
  expect(text).toMatch(/Risk 0\.\d\d · confidence high · level high · was 0\.\d\d on/);
  expect(text).toMatch(/Urgent: two weeks or less to act · about \$[\d,]+ a year at risk/);
  expect(text).toMatch(/as of now · renewal_risk_v2/);
  await at.picture("customer");
  await at.press(answer, "Over time");
  const drawn = at.page.getByRole("img", {
    name: /^Risk for Acme Robotics: 0\.\d\d, high, over the threshold of 0\.70/,
  });
  await drawn.waitFor(patient);
  expect(await drawn.getAttribute("alt")).toMatch(/was 0\.\d\d on .*Raises it by 0\.\d\d/);
  await drawn.scrollIntoViewIfNeeded();
  await at.picture("customer-over-time");
});
