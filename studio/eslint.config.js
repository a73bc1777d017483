import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

// graph/ holds the document's logic: it knows neither React nor the screen.
const pure = {
  files: ["src/graph/**/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: ["react", "react-dom", "@mantine/*", "@xyflow/*", "zustand", "../*"], message: "graph/ is pure." }] },
    ],
  },
};

// What is for looking at and for tests stays out of the product.
const shipped = {
  files: ["src/**/*.{ts,tsx}"],
  ignores: ["src/fixtures/**", "src/**/*.test.{ts,tsx}"],
  rules: {
    "no-restricted-imports": ["error", { patterns: [{ group: ["**/fixtures/*", "**/fixtures"], message: "fixtures are never shipped." }] }],
  },
};

export default ts.config(
  { ignores: ["dist/**", "dist-fixture/**", "node_modules/**", "src/api/gen/**"] },
  js.configs.recommended,
  ...ts.configs.strict,
  hooks.configs.flat.recommended,
  a11y.flatConfigs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      "jsx-a11y/no-autofocus": "off",
      eqeqeq: "error",
    },
  },
  shipped,
  pure,
  // Playwright's fixtures have a function use, which is no hook, and ask for an empty pattern.
  { files: ["e2e/**"], rules: { "react-hooks/rules-of-hooks": "off", "no-empty-pattern": "off" } },
  { files: ["scripts/**"], languageOptions: { globals: { console: "readonly", process: "readonly", window: "readonly", document: "readonly", URL: "readonly", URLSearchParams: "readonly", Buffer: "readonly" } } },
);
