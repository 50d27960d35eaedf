import { defineConfig } from "vite";

// The same sources give the same bytes: names follow from contents, and nothing of the machine goes in.
export default defineConfig({
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The charting library, which comes with the first chart.
    chunkSizeWarningLimit: 650,
  },
  worker: { format: "es" },
  // npx vite: the pages as they are edited, the data of a head that runs here.
  server: { proxy: { "/api": { target: "http://127.0.0.1:8080", headers: { origin: "http://127.0.0.1:8080" } } } },
});
