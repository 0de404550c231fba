/** Arguments of the Flow API as the keys of a flow file: `dependsOn` is `depends_on`. Values stay as they are. */

/** What is left out, or undefined, is left out. */
export function written(named: object): Record<string, unknown> {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [snakeCase(name), value]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
