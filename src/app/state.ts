/** Opens the state store that the settings name. DynamoDB's client is loaded only where it is used. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Randomness } from "../flow/clock.ts";
import type { OnCorrupt } from "../state/readable.ts";
import { openSqliteStateStore } from "../state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../state/state-store.ts";
import { systemRandomness, systemRealTime } from "./app-clock.ts";
import { systemLeaseTime } from "./lease-time.ts";
import type { StateSettings } from "./state-settings.ts";

const tokenBytes = 9;

export interface StateEvents {
  /** Hears of records that lists leave out. */
  onCorrupt?: OnCorrupt;
  /** Another process is gone: what it drove can be taken over. */
  onFallen?: () => void;
  /** This process stood still, or was cut off, for so long that others may drive what it drove (D5). */
  onLost?: () => void;
}

/** Rejects with a `StoreUnavailableError` that says what to do. */
export async function openState(state: StateSettings, events: StateEvents = {}): Promise<StateStore> {
  const { onCorrupt, onFallen, onLost } = events;
  const corrupt = onCorrupt === undefined ? {} : { onCorrupt };
  switch (state.kind) {
    case "sqlite":
      await mkdir(dirname(state.path), { recursive: true });
      return openSqliteStateStore({ path: state.path, ...corrupt });
    case "dynamodb": {
      const { openDynamoDbStateStore } = await import("../state/dynamodb/dynamodb-state-store.ts");
      return openDynamoDbStateStore({
        table: state.table,
        ...dynamoDbNeeds(systemRandomness),
        onFallen: () => onFallen?.(),
        onLost: () => onLost?.(),
        ...corrupt,
      });
    }
    default:
      return state satisfies never;
  }
}

function dynamoDbNeeds(randomness: Randomness) {
  return {
    time: systemLeaseTime,
    pause: (ms: number) => systemRealTime.pause(ms),
    fraction: () => randomness.fraction(),
    newToken: () => randomness.hex(tokenBytes),
  };
}
