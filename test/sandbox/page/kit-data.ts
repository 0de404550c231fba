/** One of everything that a bot may put on the page: all blocks in a message, a form with every input, a Home, a mail, an event. */
import type { PageMessage, PageView } from "../../../src/sandbox/page-api.ts";
import { exchange, LEAD, MANAGER, message, NOW, RENEWALS } from "./fake-data.ts";
import type { FakeData } from "./fake-server.ts";

const plain = (text: string): unknown => ({ type: "plain_text", text });
const mrkdwn = (text: string): unknown => ({ type: "mrkdwn", text });
const option = (text: string): unknown => ({ text: plain(text), value: text });
const rich = (text: string, style?: unknown): unknown => ({ type: "text", text, style });
const part = (type: string, ...elements: unknown[]): unknown => ({ type: `rich_text_${type}`, elements });
const cell = (text: string): unknown => ({ type: "raw_text", text });

export const PICTURE = "/sandbox/files/F1/graph.png";
export const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const image = { type: "image", slack_file: { id: "F1" }, alt_text: "Graph of the flow" };

function section(id: string, accessory: Record<string, unknown>): unknown {
  return { type: "section", block_id: id, text: mrkdwn(`*With* \`${id}\``), accessory };
}

function input(label: string, element: Record<string, unknown>, rest: Record<string, unknown> = {}): unknown {
  return { type: "input", block_id: label, label: plain(label), element: { action_id: "it", ...element }, ...rest };
}

/** Every block and element of a message. */
export function kitBlocks(): unknown[] {
  const options = [option("Pause"), option("Run now")];
  const list = part("section", rich("Call"));
  return [
    { type: "header", text: plain("All of the kit") },
    section("overflow", { type: "overflow", action_id: "more", options }),
    section("button", { type: "button", action_id: "open", text: plain("Open"), value: "1" }),
    section("select", { type: "static_select", action_id: "flow", placeholder: plain("Choose a flow"), options }),
    section("picture", image),
    { type: "section", block_id: "fields", fields: [mrkdwn("*Flow*\nrenewal_management"), mrkdwn("*Version*\n2.0")] },
    { type: "divider" },
    { type: "context", elements: [image, mrkdwn(`Started by <@${LEAD}> · <https://example.com|why>`)] },
    {
      type: "actions",
      block_id: "actions",
      elements: [
        { type: "datepicker", action_id: "date" },
        { type: "multi_static_select", action_id: "who", placeholder: plain("Owners"), options },
        { type: "radio_buttons", action_id: "one", options },
        { type: "checkboxes", action_id: "some", options },
        { type: "button", action_id: "abort", style: "danger", text: plain("Abort"), value: "1" },
      ],
    },
    { ...image, block_id: "picture-large", title: plain("renewal_management 2.0") },
    { type: "image", image_url: "https://elsewhere.example/x.png", alt_text: "From elsewhere" },
    {
      type: "rich_text",
      elements: [
        part("section", rich("Steps of "), rich("the plan", { bold: true }), { type: "user", user_id: MANAGER }),
        { ...Object(part("list", list, list)), style: "ordered" },
        part("quote", rich("We need fewer seats")),
        part("preformatted", rich("seats  120")),
      ],
    },
    {
      type: "table",
      rows: [
        [cell("Customer"), cell("ARR")],
        [cell("Acme"), cell("84,000")],
      ],
    },
  ];
}

/** A form with every input. */
export function formView(): PageView {
  const options = [option("renewal_management"), option("churn")];
  const blocks = [
    { type: "section", block_id: "what", text: mrkdwn("Runs for *all that match*.") },
    input("Flow", { type: "static_select", options }, { dispatch_action: true }),
    input("Owners", { type: "multi_static_select", options }, { optional: true }),
    input("Seats", { type: "number_input" }, { hint: plain("At most those that they have.") }),
    input("Kick-off", { type: "datepicker" }),
    input("Hour", { type: "timepicker" }, { optional: true }),
    input("What is it about?", { type: "radio_buttons", options }),
    input("Tell", { type: "checkboxes", options }, { optional: true }),
    input("Address", { type: "email_text_input", placeholder: plain("name@example.com") }),
    input("Note", { type: "plain_text_input", multiline: true }),
  ];
  const texts = { title: plain("Start a flow"), submit: plain("Start"), close: plain("Cancel") };
  return { id: "V9", images: {}, view: { id: "V9", type: "modal", ...texts, blocks } };
}

/** Fills a fake server with one of everything; returns the message that has a thread. */
export function addKit(data: FakeData): PageMessage {
  data.pictures[PICTURE] = PNG;
  const images = { F1: PICTURE };
  const file = { id: "F1", name: "graph.png", title: "Graph", altText: "Graph of the flow", mimetype: "image/png" };
  const sheet = { id: "F2", name: "audit.csv", title: "", altText: "", mimetype: "text/csv" };
  const kit = message({ channel: RENEWALS, text: "kit", blocks: kitBlocks(), images, replyCount: 1, edited: true });
  data.messages.push(
    message({ channel: RENEWALS, user: MANAGER, text: "`code` <!here> *bold* > no quote" }),
    message({ channel: RENEWALS, text: "Only for Robin", ephemeralFor: LEAD }),
    kit,
    message({ channel: RENEWALS, minutes: 1, text: "evidence", threadTs: kit.ts, blocks: kitBlocks(), images }),
    message({
      channel: RENEWALS,
      minutes: 2,
      files: [
        { ...file, sizeBytes: 70, url: PICTURE },
        { ...sheet, sizeBytes: 9_120, url: "/sandbox/files/F2/audit.csv" },
      ],
    }),
  );
  data.homes[LEAD] = { id: "H1", images, view: { id: "H1", type: "home", blocks: kitBlocks() } };
  data.traffic.push(
    exchange(),
    exchange({ status: "429", fault: "rate_limited" }),
    exchange({ direction: "to_app", via: "socket", name: "block_actions", status: "waiting", ms: null }),
  );
  data.state.faults = ["lost_answer"];
  data.mails.push({
    id: "m1",
    at: new Date(NOW).toISOString(),
    from: "revops@example.com",
    to: ["dana@example.com"],
    subject: "Renewal",
    html: "<p>Agreed</p>",
    text: "Agreed",
    headers: [{ name: "Subject", value: "Renewal" }],
  });
  data.events.push({
    id: "e1",
    status: "cancelled",
    summary: "Check-in",
    description: "Seats",
    start: "2026-11-26T14:00:00Z",
    end: "2026-11-26T14:30:00Z",
    timezone: "Europe/Berlin",
    attendees: ["u0dana@example.com"],
    organizer: "",
  });
  return kit;
}
