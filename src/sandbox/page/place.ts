/** Where the page stands, as the address's fragment: a reload or a sent link shows the same. Pure. */

export type Place =
  | { kind: "channel"; name: string; thread: string | null }
  | { kind: "direct"; id: string; thread: string | null }
  | { kind: "inbox"; mail: string | null }
  | { kind: "home" }
  | { kind: "calendar" }
  | { kind: "traffic" };

export function parsePlace(hash: string): Place | null {
  const [, area, first, second] = hash.replace(/^#/, "").split("/").map(decode);
  const thread = second !== undefined && /^\d+\.\d+$/.test(second) ? second : null;
  if (area === "c" && first) return { kind: "channel", name: first, thread };
  if (area === "d" && first) return { kind: "direct", id: first, thread };
  if (area === "inbox") return { kind: "inbox", mail: first || null };
  if (area === "home" || area === "calendar" || area === "traffic") return { kind: area };
  return null;
}

export function placeHash(place: Place): string {
  switch (place.kind) {
    case "channel":
      return join("c", place.name, place.thread);
    case "direct":
      return join("d", place.id, place.thread);
    case "inbox":
      return join("inbox", place.mail, null);
    case "home":
    case "calendar":
    case "traffic":
      return `#/${place.kind}`;
  }
}

/** The same channel, whichever of its threads is open. */
export function samePane(a: Place, b: Place): boolean {
  return placeHash(withoutThread(a)) === placeHash(withoutThread(b));
}

function withoutThread(place: Place): Place {
  return place.kind === "channel" || place.kind === "direct" ? { ...place, thread: null } : place;
}

function join(area: string, first: string | null, second: string | null): string {
  return `#/${[area, first, second]
    .filter((part) => part !== null)
    .map((part) => encodeURIComponent(part))
    .join("/")}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
