/** Three worker processes, one replaced whenever one ends; what is asked of one that ends meanwhile is asked of another. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { StateSettings } from "../../src/app/state-settings.ts";
import type { Draw } from "../scene/moment.ts";
import { fencedCode, type Request, Told } from "./messages.ts";

const size = 3;
/** Of one request, over all processes. */
const mostTries = 50;

export interface FleetOptions {
  state: StateSettings;
  journal: string;
  environment: Record<string, string>;
  draw: Draw;
}

export class Fleet {
  readonly counts = { kills: 0, pauses: 0, fenced: 0 };
  /** What the processes' logs complained of, and how often. */
  readonly complaints = new Map<string, number>();
  readonly #options: FleetOptions;
  readonly #workers: Worker[] = [];
  #isStopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    await Promise.all(Array.from({ length: size }, (_none, index) => fleet.#replace(index)));
    return fleet;
  }

  async #replace(index: number): Promise<void> {
    const worker = new Worker(this.#options, (message) => {
      // Ids and times would make each complaint one of its own.
      const kind = message.replaceAll(/\d[\da-z-]{8,}/g, "…");
      this.complaints.set(kind, (this.complaints.get(kind) ?? 0) + 1);
    });
    this.#workers[index] = worker;
    void worker.ended.then((code) => {
      if (code === fencedCode) this.counts.fenced += 1;
      if (!this.#isStopping) return this.#replace(index);
    });
    await Promise.race([worker.ready, worker.ended]);
  }

  /** Through whichever process; it may be a killed or a paused one. */
  async ask(request: Request): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      const worker = await this.#oneThatIsUp();
      try {
        return await worker.ask(request);
      } catch (error) {
        if (tries >= mostTries) throw error;
      }
    }
  }

  async kill(): Promise<void> {
    this.counts.kills += 1;
    await this.#any().kill();
  }

  async pause(ms: number): Promise<void> {
    this.counts.pauses += 1;
    const worker = this.#any();
    worker.signal("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
    worker.signal("SIGCONT");
  }

  /** As an operator does. */
  async stop(): Promise<(number | null)[]> {
    this.#isStopping = true;
    for (const worker of this.#workers) worker.signal("SIGTERM");
    return Promise.all(this.#workers.map(({ ended }) => ended));
  }

  /** Whatever the test came to. */
  async end(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  async #oneThatIsUp(): Promise<Worker> {
    const up = this.#workers.filter(({ isUp }) => isUp);
    if (up.length > 0) return up[this.#options.draw.integer(0, up.length - 1)] ?? this.#any();
    const worker = this.#any();
    await Promise.race([worker.ready, worker.ended]);
    return worker;
  }

  #any(): Worker {
    const worker = this.#workers[this.#options.draw.integer(0, size - 1)];
    if (worker === undefined) throw new Error("no process");
    return worker;
  }
}

class Worker {
  readonly ready: Promise<void>;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** It has started, and not yet ended; it may stand still. */
  isUp = false;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  constructor({ state, journal, environment }: FleetOptions, onComplaint: (message: string) => void) {
    const script = join(import.meta.dirname, "worker.ts");
    this.#child = fork(script, [JSON.stringify(state), journal], {
      execPath: process.execPath,
      execArgv: [],
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.#child.on("message", (message) => {
      const told = Told.parse(message);
      if (told.kind === "ready") {
        this.isUp = true;
        ready.resolve();
      } else if (told.kind === "complained") onComplaint(told.message);
      else this.#answer(told);
    });
    this.ended = once(this.#child, "exit").then(([code]: unknown[]) => {
      this.isUp = false;
      for (const { reject } of this.#asked.values()) reject(new Error("The process ended before it answered."));
      this.#asked.clear();
      return typeof code === "number" ? code : null;
    });
  }

  #answer(told: Extract<Told, { kind: "answered" | "refused" }>): void {
    const asked = this.#asked.get(told.id);
    this.#asked.delete(told.id);
    if (told.kind === "answered") asked?.resolve(told.value);
    else asked?.reject(new Error(told.message));
  }

  ask(request: Request): Promise<string> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#child.send({ id, request }, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }
}
