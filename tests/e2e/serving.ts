/** A real server in a process of its own, on a free port of loopback and a store of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const COMMAND = join(import.meta.dirname, "../../.venv/bin/tavola");
const SECRET = "a secret of the browser tests, longer than 32 bytes";
const START_MS_MAX = 30_000;

export class Serving {
  readonly folder: string;
  readonly #flags: string[];
  #process: ChildProcess | undefined;
  #said = "";
  url = "";

  private constructor(folder: string, flags: string[]) {
    this.folder = folder;
    this.#flags = flags;
  }

  static async start(...flags: string[]): Promise<Serving> {
    const folder = await mkdtemp(join(tmpdir(), "tavola-e2e-"));
    const serving = new Serving(folder, flags);
    await serving.restart();
    return serving;
  }

  /** Starts it, after `kill` once more, on the same store and port. */
  async restart(): Promise<void> {
    const port = this.url === "" ? "0" : new URL(this.url).port;
    const store = `sqlite:///${join(this.folder, "tavola.db")}`;
    const child = spawn(COMMAND, ["serve", ...this.#flags, "--port", port], {
      cwd: this.folder,
      env: { ...plainEnvironment(), TAVOLA_STORE: store, TAVOLA_TOKEN_SECRET: SECRET },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Should the tests be interrupted, it ends with them.
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    child.stderr.on("data", (data) => {
      this.#said += data;
    });
    this.#process = child;
    this.url = (await readyUrl(child)) ?? "";
    if (this.url === "") throw new Error(`The server did not start: ${this.#said}`);
  }

  /** Stops the process where it stands: requests reach it and are not answered. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it in good order. Fails where it had ended by itself. */
  async stop(): Promise<void> {
    const how = this.#process?.exitCode ?? this.#process?.signalCode ?? null;
    await this.#end("SIGTERM");
    await rm(this.folder, { recursive: true, force: true });
    if (how !== null) throw new Error(`The server had ended (${how}): ${this.#said}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

/** A host app's token; with the audience of sessions, what stands in the cookie of one. */
export function token(subject: string, more: { scope?: "admin"; aud?: string } = {}): string {
  const now = Date.now() / 1000;
  const claims = { sub: subject, iat: now, exp: Math.floor(now) + 3600, ...more };
  const signed = [{ alg: "HS256", typ: "JWT" }, claims].map(encoded).join(".");
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("TAVOLA_"));
  return { ...Object.fromEntries(kept), PYTHONUNBUFFERED: "1" };
}

/** What it says when it is ready; null where it ends before that. */
async function readyUrl(child: ChildProcess): Promise<string | null> {
  if (!child.stdout) throw new Error("The server has no output.");
  const lines = createInterface(child.stdout);
  const patience = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
  // Read to its end, for a full or closed pipe would stop the server.
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      clearTimeout(patience);
      resolve(/ is ready at (\S+)$/.exec(line)?.[1] ?? null);
    });
    lines.once("close", () => {
      clearTimeout(patience);
      resolve(null);
    });
  });
}
