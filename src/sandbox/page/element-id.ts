/** An element's id from a block's and an action's: whatever those hold, it is one word, and no two share it. Pure. */

export function elementId(scope: string, blockId: string, actionId: string): string {
  return [scope, blockId, actionId].map(encodeURIComponent).join("/");
}
