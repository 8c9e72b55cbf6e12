import type { Plugin, Rolldown } from "vite";

type Chunks = Map<string, Rolldown.OutputChunk>;

/** Fails the build when the scripts of a page are larger, gzipped, than a page should load. */
export function budget(kilobytesMax: number): Plugin {
  return {
    name: "budget",
    async generateBundle(_, bundle) {
      const files = Object.values(bundle).filter((file) => file.type === "chunk");
      const chunks: Chunks = new Map(files.map((file) => [file.fileName, file]));
      const first = files.filter(({ isEntry }) => isEntry);
      const later = files.filter(({ isDynamicEntry }) => isDynamicEntry);
      for (const page of [...first, ...later]) {
        const loaded = loadedBy([...first, page], chunks);
        const sizes = await Promise.all(loaded.map(({ code }) => gzippedBytes(code)));
        const kilobytes = Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000);
        const told = `with the scripts of ${page.name} a page loads ${kilobytes} kB gzipped`;
        if (kilobytes > kilobytesMax) this.error(`${told}; the limit is ${kilobytesMax} kB.`);
        this.info(`${told}, of at most ${kilobytesMax} kB`);
      }
    },
  };
}

/** These chunks and all that they import. */
function loadedBy(some: Rolldown.OutputChunk[], chunks: Chunks): Rolldown.OutputChunk[] {
  const loaded = new Set(some);
  // A set's loop also comes to what is added meanwhile.
  for (const { imports } of loaded) {
    for (const name of imports) {
      const chunk = chunks.get(name);
      if (chunk) loaded.add(chunk);
    }
  }
  return [...loaded];
}

async function gzippedBytes(code: string): Promise<number> {
  const gzipped = new Blob([code]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(gzipped).arrayBuffer()).byteLength;
}
