/** One way to ask the server: JSON in, JSON out, problems thrown. The cookie travels by itself. */

import { ApiError, Unreachable } from "./errors";
import type { Problem } from "./types";

const ROOT = "/api/v1";
const PATIENCE_MS = 20_000;

type Query = Record<string, string | number | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** What is told about every answer; the sign-in and the "can't be reached" banner listen. */
export interface Listener {
  reached(yes: boolean): void;
  signedOut(): void;
}

let listener: Listener = { reached: () => {}, signedOut: () => {} };

export function listen(to: Listener): void {
  listener = to;
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await reach(method, path, options);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const error = await problemOf(response);
  // A wrong password is a 401 too, but it signs nobody out.
  if (error.status === 401 && error.code !== "credentials_wrong") listener.signedOut();
  throw error;
}

async function reach(method: string, path: string, options: Options): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(ROOT + path + queryText(options.query), {
      method,
      headers: options.body === undefined ? {} : { "Content-Type": "application/json" },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ? AbortSignal.any([options.signal, patience]) : patience,
      credentials: "same-origin",
    });
    listener.reached(true);
    return response;
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    listener.reached(false);
    throw new Unreachable();
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("application/problem+json")) {
    // A proxy's page: the server itself always answers with a problem.
    listener.reached(false);
    throw new Unreachable();
  }
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError((await response.json()) as Problem, Number.isNaN(seconds) ? null : seconds);
}

function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
