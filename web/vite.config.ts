import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { budget } from "./build-budget.ts";

export default defineConfig({
  base: "/",
  plugins: [react(), budget(150)],
  build: {
    // Into the Python package, which serves it.
    outDir: "../src/tavola/webui",
    emptyOutDir: true,
    // A preload polyfill would be an inline script, which the content security policy forbids.
    modulePreload: { polyfill: false },
    // Inlined assets would be data: URLs, which the policy forbids too.
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
  test: {
    environment: "node",
    // Tests of times need a zone that is not UTC and has summer time.
    env: { TZ: "Europe/Rome" },
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
