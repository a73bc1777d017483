import { describe, expect, test } from "vitest";
import { applyPatches, type Json, type Patch } from "./json";
import cases from "./patches.test-data.json?raw";

// The file is made by Go's tests (internal/pack): what the Server's commands
// do to a package's tree, and the patches that tell it.

interface Case {
  readonly name: string;
  readonly before: Json;
  readonly patches: readonly Patch[];
  readonly after: Json;
}

describe("patches of the Server", () => {
  for (const c of JSON.parse(cases) as readonly Case[]) {
    test(c.name, () => {
      const was = JSON.stringify(c.before);
      expect(JSON.stringify(applyPatches(c.before, c.patches))).toBe(JSON.stringify(c.after));
      expect(JSON.stringify(c.before)).toBe(was);
    });
  }
});
