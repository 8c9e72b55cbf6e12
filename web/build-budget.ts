import type { Plugin } from "vite";

/** Fails the build when its scripts are larger, gzipped, than a page should load. */
export function budget(kilobytesMax: number): Plugin {
  return {
    name: "budget",
    async generateBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === "chunk");
      const sizes = await Promise.all(scripts.map(({ code }) => gzippedBytes(code)));
      const kilobytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000);
      if (kilobytes > kilobytesMax) {
        this.error(`The scripts are ${kilobytes} kB gzipped; the limit is ${kilobytesMax} kB.`);
      }
      this.info(`scripts: ${kilobytes} kB gzipped, of at most ${kilobytesMax} kB`);
    },
  };
}

async function gzippedBytes(code: string): Promise<number> {
  const gzipped = new Blob([code]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(gzipped).arrayBuffer()).byteLength;
}
