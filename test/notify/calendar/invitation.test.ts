/** T2, V1–V3: does the text mean one event and nothing else to another's parser, whatever stands in names and descriptions? */
import { array, assert as assertProperty, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { invitationText, paragraphs, title, type Invitation } from "../../../src/notify/calendar/invitation.ts";
import { readInvitation } from "./read-invitation.ts";

const plain: Invitation = {
  uid: "f00d@example.com",
  sequence: 0,
  at: Date.parse("2026-11-12T21:40:05Z"),
  slot: { from: Date.parse("2026-11-13T15:00:00Z"), to: Date.parse("2026-11-13T15:30:00Z") },
  title: "Renewal: Acme Robotics",
  description: "Seats, usage; a champion who left",
  organizer: { name: "RevOps", address: "revops@example.com" },
  attendees: ["dana.reyes@example.com", "lee@example.com"],
};

const nothingElse = "uid sequence dtstamp dtstart dtend summary description organizer attendee attendee status".split(
  " ",
);

function read(fields: Partial<Invitation>) {
  // As bytes, which is how it travels.
  return readInvitation(Buffer.from(invitationText({ ...plain, ...fields })).toString());
}

describe("an invitation", () => {
  it("asks both guests for an answer to the sender, at an instant that needs no zone's rules", () => {
    const attendee = { rsvp: "TRUE", partstat: "NEEDS-ACTION" };
    expect(read({})).toEqual({
      method: "REQUEST",
      properties: nothingElse,
      uid: "f00d@example.com",
      sequence: 0,
      stamp: "2026-11-12T21:40:05.000Z",
      start: "2026-11-13T15:00:00.000Z",
      end: "2026-11-13T15:30:00.000Z",
      summary: "Renewal: Acme Robotics",
      description: "Seats, usage; a champion who left",
      organizer: { value: "mailto:revops@example.com", name: "RevOps" },
      attendees: [
        { value: "mailto:dana.reyes@example.com", ...attendee },
        { value: "mailto:lee@example.com", ...attendee },
      ],
    });
    expect(invitationText(plain)).toContain("\r\nDTSTART:20261113T150000Z\r\n");
  });

  it("from a bare address names the organizer by it", () => {
    expect(read({ organizer: { name: "", address: "revops@example.com" } }).organizer.name).toBe("revops@example.com");
  });
});

const pieces = [
  ["Acme", ",", ";", ":", "\\", "\\n", "\\N", '"', "'", "^n", "=", " ", "\t", "\n", "\r", "\r\n", "\r\n "],
  ["\u0000", "\u0007", "\u000B", "\u0085", "\u2028", "\u2029", "\u202E", "\uFEFF", "\uD83D", "אבג", "شركة"],
  ["👩‍👩‍👧‍👦", "🇨🇭", "漢字", "é", "<!channel>", "<b>", "${x}", "%0D%0A"],
  ["\r\nEND:VEVENT\r\nBEGIN:VALARM", "\nATTENDEE:mailto:evil@example.net", '";X="', "END:VCALENDAR"],
].flat();

const hostile = oneof(
  { weight: 3, arbitrary: string({ unit: "binary", maxLength: 300 }) },
  {
    weight: 3,
    arbitrary: array(constantFrom(...pieces), { maxLength: 80 }).map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: constantFrom(...["漢", "👍", "a", ",", "\\", "א"].map((one) => one.repeat(4000))) },
);

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** RFC 5545 §3.1: lines end in CR LF, hold at most 75 octets, and none ends within a character. */
function physicalLines(text: string): string[] {
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf("\r\n", from);
    if (end < 0) throw new Error("the last line has no end");
    expect(end - from).toBeLessThanOrEqual(75);
    lines.push(utf8.decode(bytes.subarray(from, end)));
    from = end + 2;
  }
  return lines;
}

describe("a hostile title, description or sender", () => {
  it("stays text: no other property, guest, event or alarm, and what a reader sees is what was meant", () => {
    assertProperty(
      property(hostile, hostile, hostile, (name, about, sender) => {
        const fields = { title: name, description: about, organizer: { ...plain.organizer, name: sender } };
        const event = read(fields);
        expect(event.properties).toEqual(nothingElse);
        expect(event.summary).toBe(title(name).toWellFormed());
        expect(event.description).toBe(paragraphs(about).toWellFormed());
        expect(event.organizer.value).toBe("mailto:revops@example.com");
        expect(event.attendees.map(({ value }) => value)).toEqual([
          "mailto:dana.reyes@example.com",
          "mailto:lee@example.com",
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it("is folded as every reader unfolds it", () => {
    assertProperty(
      property(hostile, hostile, hostile, (name, about, sender) => {
        const fields = { title: name, description: about, organizer: { ...plain.organizer, name: sender } };
        const lines = physicalLines(invitationText({ ...plain, ...fields }));
        expect(lines.filter((line) => /[\p{Cc}\u2028\u2029]/u.test(line))).toEqual([]);
        expect([lines[0], lines.at(-1)]).toEqual(["BEGIN:VCALENDAR", "END:VCALENDAR"]);
      }),
      { numRuns: 300 },
    );
  });

  it("of 4,000 characters leaves a title that a calendar can show", () => {
    const { summary } = read({ title: "Acme Robotics ".repeat(300) });
    expect(String(summary).length).toBeLessThanOrEqual(300);
  });
});
