import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The base is relative: the same files work under /app/ and under any other
// folder of any web server. `--mode fixture` builds the page of the fixture
// backend, which is for looking at and for tests, never shipped.
export default defineConfig(({ mode }) => {
  const fixture = mode === "fixture";
  return {
    base: "./",
    // The web server puts a new nonce here for each page, as its policy asks.
    html: { cspNonce: "__WEFT_NONCE__" },
    plugins: [react()],
    build: {
      outDir: fixture ? "dist-fixture" : "dist",
      target: "es2022",
      manifest: true,
      sourcemap: false,
      assetsInlineLimit: 0,
      // The table and the editor of formulas load when they are first shown; budget.mjs minds the first bundle.
      chunkSizeWarningLimit: 900,
      rollupOptions: { input: fixture ? "fixture.html" : "index.html" },
    },
    test: {
      environment: "node",
      include: ["src/**/*.test.{ts,tsx}"],
      pool: "threads",
      maxWorkers: 2,
    },
  };
});
