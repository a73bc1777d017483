import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The base is relative: the same files work under /app/ and under any other
// folder of any web server. `--mode fixture` builds the page of the fixture
// backend, which is for looking at and for tests, never shipped.
export default defineConfig(({ mode }) => {
  const fixture = mode === "fixture";
  return {
    base: "./",
    plugins: [react()],
    build: {
      outDir: fixture ? "dist-fixture" : "dist",
      target: "es2022",
      manifest: true,
      sourcemap: false,
      assetsInlineLimit: 0,
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
