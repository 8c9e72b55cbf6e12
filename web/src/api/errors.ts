import type { FieldProblem, Problem } from "./types";

/** The server could not be reached, or something between us and it answered instead. */
export class Unreachable extends Error {
  constructor() {
    super("Tavola can’t be reached right now.");
  }
}

/** The server's answer was a problem. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;
  readonly fields: FieldProblem[];
  /** How long the server asks us to wait, in seconds. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.errors?.[0]?.message ?? problem.title);
    this.status = problem.status;
    this.code = problem.code;
    this.retryable = problem.retryable;
    this.fields = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Whether the same request may succeed when it is simply sent again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof ApiError ? error.retryable : error instanceof Unreachable;
}

export function explain(error: unknown): string {
  if (error instanceof ApiError || error instanceof Unreachable) return error.message;
  return "Something went wrong.";
}
