import { defineConfig } from "@playwright/test";
import { chromium } from "./harness/browser";

// No retries: a test that fails now and then is a defect of Weft or of itself.
export default defineConfig({
  testDir: ".",
  outputDir: "../../bin/e2e/results",
  globalSetup: "./harness/setup.ts",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: process.env.E2E_WORKERS ? Number(process.env.E2E_WORKERS) : 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: { launchOptions: chromium(), locale: "en-US", colorScheme: "light", viewport: { width: 1440, height: 900 } },
});
