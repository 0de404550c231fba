import { describe, expect, test } from "vitest";
import { assess, count, definitionOf, flow, placeOf, read, said } from "../fixtures/reading.ts";

const tell = (forEach: string, title: string, more = "") => `  - id: tell
    agent: execution_agent
    action: create_calendar_event
    depends_on: [assess]
    for_each: ${forEach}
    parameters: { title: ${title}, attendees: [] }${more}`;
const telling = (forEach: string, title: string, more = "") => flow(`${assess}\n${tell(forEach, title, more)}`);

const reads = (onError: string, path: string) =>
  flow(`${assess}
${tell('"${assess.reasons}"', "x", `\n    on_error: ${onError}`)}
  - { id: count, agent: data_agent, action: count_customers, depends_on: [tell], when: "\${tell.${path} = 'x'}" }`);

describe("a step that repeats", () => {
  test("keeps its list and how many at once?", () => {
    const text = telling('"${[customer.csm_email]}"', '"${item}"', "\n    max_concurrency: 5");
    expect(definitionOf(text).steps.at(-1)).toMatchObject({
      for_each: "${[customer.csm_email]}",
      max_concurrency: 5,
      parameters: { title: "${item}", attendees: [] },
    });
    expect(definitionOf(telling('"${[1]}"', '"${index}"')).steps.at(-1)).toMatchObject({ max_concurrency: null });
  });

  test.each([
    ['"${assess.reasons}"', '"${item.name}"'],
    ['"${ assess.reasons }"', '"${item.contribution}"'],
    ['"${assess.reasons.name}"', '"${item}"'],
    ['"${prices.list}"', '"${index}. ${item.name}"'],
    ["\"${$split(customer.name, ' ')}\"", '"${item.anything}"'],
    ['"${assess.reasons[contribution > 0.1]}"', '"${item.anything}"'],
  ])("over %s may read %s?", (forEach, title) => {
    expect(said(telling(forEach, title))).toEqual([]);
  });

  test.each([
    ['"${assess.reasons}"', '"${item.nmae}"', "nmae", 'item has no field "nmae"; did you mean name?'],
    ['"${assess.reasons.name}"', '"${item.text}"', "text", 'item has no field "text"'],
    ['"${prices.list}"', '"${item.nam}"', "nam}", 'item has no field "nam"; did you mean name?'],
    ['"${assess.reasons}"', '"${index.first}"', "first", 'index has no field "first"'],
    ['"${assess.reason}"', '"${item.name}"', "reason}", 'assess has no field "reason"; did you mean reasons?'],
    ['"${item}"', "x", "item", '"item" stands in parameters and input alone, once the list is known'],
    ['"${tell.titles}"', "x", "tell.titles", "tell can't read its own output"],
    ["[a, b]", "x", "[a, b]", 'for_each is one "${…}" that gives a list, not a list, such as'],
    ["5", "x", "5", 'for_each is one "${…}" that gives a list, not a number'],
    ['"each ${assess.reasons}"', "x", '"each', 'for_each is one "${…}" that gives a list and nothing else'],
    ['"${[1]}${[2]}"', "x", '"${[1', 'for_each is one "${…}" that gives a list and nothing else'],
    ['"${${assess}}"', "x", "${assess}", "a ${…} can't stand within another; write the names alone"],
    ['"${assess.reasons"', "x", "${assess.r", 'this "${" has no closing "}"'],
    ["", "x", "for_each", '"for_each" is empty'],
    ['"${[1]}"\n    max_concurrency: 0', "x", "0\n    par", "max_concurrency must be a whole number from 1, not 0"],
    ['"${[1]}"\n    max_concurrency: 1.5', "x", "1.5", "max_concurrency must be a whole number from 1, not 1.5"],
    ['"${[1]}"\n    max_concurrency: "5"', "x", '"5"', "max_concurrency must be a whole number from 1, not a text"],
    ['"${[1]}"\n    max_concurrency: 1e300', "x", "1e300", "max_concurrency must be a whole number from 1, not 1e+300"],
  ])("over %s with %s is told of at its character?", (forEach, title, marked, message) => {
    const text = telling(forEach, title);
    expect(said(text)).toContainEqual(expect.stringContaining(`${placeOf(text, marked)} ${message}`));
    expect(read(text).definition).toBeNull();
  });

  test.each([
    'when: "${item > 1}"',
    'due: "${item.at}"',
    'compensate: { agent: execution_agent, action: create_calendar_event, parameters: { title: "${item}", attendees: [] } }',
  ])("has no item in %s?", (key) => {
    const text = telling('"${[1]}"', "x", `\n    ${key}`);
    expect(said(text)).toEqual([
      `${placeOf(text, "item")} "item" stands in parameters and input alone, once the list is known`,
    ]);
  });

  test("is max_concurrency without a list refused?", () => {
    const text = flow(count.replace(" }", ", max_concurrency: 2 }"));
    expect(said(text)).toEqual([
      `${placeOf(text, "max_concurrency")} max_concurrency needs for_each, the list that the step repeats over`,
    ]);
  });

  test.each(["approvers: [role:lead]", "approvers: [role:lead], max_concurrency: 2"])(
    "is an approval with %s and for_each sent to a sub-flow?",
    (keys) => {
      const text = flow(`  - { id: ask, type: approval, for_each: "\${[1]}", ${keys} }`);
      expect(said(text)[0]).toContain(
        '"for_each" doesn\'t go with a step of type approval; put this step into a flow of its own',
      );
    },
  );

  test("gives a list of its outputs, and of failures where it goes on", () => {
    expect(said(reads("fail", "title"))).toEqual([]);
    expect(said(reads("fail", "error")).join()).toContain('tell has no field "error"');
    expect(said(reads("continue", "error"))).toEqual([]);
    expect(said(reads("continue", "eror")).join()).toContain("did you mean error?");
  });

  test("can what it gives be taken for one output, or edited?", () => {
    const each = assess.replace("depends_on: [get]", 'depends_on: [get], for_each: "${[1, 2]}"');
    const recommend =
      "  - { id: more, agent: decision_agent, action: generate_renewal_recommendations, depends_on: [assess] }";
    expect(said(flow(`${each}\n${recommend}`)).join()).toContain(
      "needs the output of assess_renewal_risk; assess repeats, so it gives a list of them; add a step with that action",
    );
    const ask = "  - { id: ask, type: approval, approvers: [role:a], depends_on: [assess], editable: [risk_score] }";
    expect(said(flow(`${each}\n${ask}`)).join()).toContain(
      'assess repeats: each of its items has its own "risk_score", and none can be edited',
    );
  });
});

const chain = (steps: number) =>
  Array.from({ length: steps }, (_, index) => {
    const after = index === 0 ? "" : `, depends_on: [s${index - 1}]`;
    const reads = index === 0 ? "1" : `s${index - 1}, s0`;
    return `  - { id: s${index}, agent: execution_agent, action: create_calendar_event${after}, for_each: "\${[${reads}]}", parameters: { title: "\${item} \${index}", attendees: [] } }`;
  }).join("\n");

describe("at its largest", () => {
  test("is a chain of 500 steps that all repeat read, each seeing all before it?", () => {
    const { definition, problems } = read(flow(chain(500)));
    expect(problems).toEqual([]);
    expect(definition?.steps).toHaveLength(500);
  });

  test("is the 501st step refused before any of them is read?", () => {
    expect(said(flow(chain(501)))).toEqual(["4:3 a flow may have 500 steps; this one has 501"]);
  });
});
