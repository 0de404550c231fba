/** Which addresses from messages may become a link or a picture. No DOM. */

const LINKS = new Set(["http:", "https:", "mailto:"]);
const PICTURES = new Set(["http:", "https:"]);

/** The address if a click on it cannot run code (T2); a fragment of this page passes. */
export function safeLink(address: string): string | null {
  if (address.startsWith("#")) return address;
  return LINKS.has(scheme(address)) ? address : null;
}

export function safeImage(address: string): string | null {
  if (/^data:image\/(png|gif|jpeg|webp);base64,/.test(address)) return address;
  return PICTURES.has(scheme(address)) ? address : null;
}

/** An address on this server, without scheme and host; only the server's own words may be one, never a message's. */
export function ownAddress(address: string): string | null {
  return /^\/(?![/\\])[\w./?=&%~-]*$/.test(address) ? address : null;
}

/** Browsers drop tabs and newlines and skip leading control characters in an address: `new URL` does as they do. */
function scheme(address: string): string {
  try {
    return new URL(address).protocol;
  } catch {
    return "";
  }
}
