/** What Google's reference calls a request: "events.insert". Pure. */

const VERBS: Record<string, [onAll: string, onOne: string]> = {
  GET: ["list", "get"],
  POST: ["insert", "POST"],
  PATCH: ["PATCH", "patch"],
  PUT: ["PUT", "update"],
  DELETE: ["DELETE", "delete"],
};

export function callName(method: string, path: string): string {
  if (path.endsWith("/freeBusy")) return "freebusy.query";
  const [onAll, onOne] = VERBS[method] ?? [method, method];
  return `events.${/\/events\/[^/]+$/.test(path) ? onOne : onAll}`;
}
