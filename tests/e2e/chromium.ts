/** How the installed Chromium is started: without a window, and without calling home. */

import type { LaunchOptions } from "playwright-core";

export function launchOptions(): LaunchOptions {
  return {
    executablePath: process.env.TAVOLA_CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  };
}
