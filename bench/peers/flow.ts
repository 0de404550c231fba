/** The flow that every engine runs: five steps in a row that do nothing, with results of 300 bytes. */
export const stepsPerFlow = 5;

export interface StepResult {
  filling: string;
}

export const result: StepResult = { filling: "x".repeat(300 - '{"filling":""}'.length) };

export interface Watcher {
  /** A step begins. */
  step(id: string, number: number): void;
  /** The last step of a flow has ended. */
  ended(id: string): void;
}

/** The flow on one engine, in one process. */
export interface App {
  /** Starts all at once; resolves when all have ended. */
  run(ids: readonly string[]): Promise<void>;
  /** Starts all at once; tells which are durable. */
  begin(ids: readonly string[], accepted: (id: string) => void): Promise<void>;
  close(): Promise<void>;
}

export interface Place {
  /** Of the server. */
  address: string;
  /** On which this process listens, where the engine calls it. */
  port: number;
}

export type OpenApp = (place: Place, watcher: Watcher) => Promise<App>;
