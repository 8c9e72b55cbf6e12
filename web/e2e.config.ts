import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The tests in a browser. Their packages are those of this folder, though they lie elsewhere. */
export default defineConfig({
  cacheDir: here("node_modules/.vite-e2e"),
  resolve: {
    alias: {
      "playwright-core": here("node_modules/playwright-core/index.mjs"),
      "axe-core": here("node_modules/axe-core/axe.js"),
    },
  },
  test: {
    root: here("../tests/e2e"),
    globalSetup: "servers.ts",
    environment: "node",
    pool: "forks",
    maxWorkers: 4,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    expect: { poll: { timeout: 12_000, interval: 50 } },
  },
});
