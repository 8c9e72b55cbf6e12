import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Fails the build when its scripts are larger, gzipped, than a page should load. */
export function budget(kilobytesMax: number): Plugin {
  return {
    name: "budget",
    generateBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === "chunk");
      const bytes = scripts.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
      const kilobytes = Math.ceil(bytes / 1000);
      if (kilobytes > kilobytesMax) {
        this.error(`The scripts are ${kilobytes} kB gzipped; the limit is ${kilobytesMax} kB.`);
      }
      this.info(`scripts: ${kilobytes} kB gzipped, of at most ${kilobytesMax} kB`);
    },
  };
}
