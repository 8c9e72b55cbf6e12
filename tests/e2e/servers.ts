/** One server with a demo and one without, for all tests that do not stop theirs. */

import type { TestProject } from "vitest/node";
import { Serving } from "./serving.ts";

declare module "vitest" {
  export interface ProvidedContext {
    demoUrl: string;
    url: string;
  }
}

export default async function setup(project: TestProject) {
  const [demo, plain] = await Promise.all([Serving.start("--demo"), Serving.start()]);
  project.provide("demoUrl", demo.url);
  project.provide("url", plain.url);
  return async () => {
    await Promise.all([demo.stop(), plain.stop()]);
  };
}
