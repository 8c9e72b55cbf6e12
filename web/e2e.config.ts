import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The tests in a browser. Their packages are those of this folder, though they lie elsewhere. */
export default defineConfig({
  resolve: {
    alias: {
      "playwright-core": here("node_modules/playwright-core/index.mjs"),
      "axe-core": here("node_modules/axe-core/axe.js"),
    },
  },
  test: {
    // Not `root`: the runner's caches belong into this folder.
    dir: here("../tests/e2e"),
    globalSetup: here("../tests/e2e/servers.ts"),
    environment: "node",
    pool: "forks",
    maxWorkers: 3,
    // One browser for each worker, not for each file.
    isolate: false,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    expect: { poll: { timeout: 12_000, interval: 50 } },
  },
});
