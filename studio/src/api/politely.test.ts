import { expect, test } from "vitest";
import { politely } from "./session";

test("waits longer each time, ten seconds or so at most, and never all tabs at once", () => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const middle = Math.min(10_000, 250 * 2 ** attempt);
    const waits = Array.from({ length: 200 }, () => politely(attempt));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(middle / 2);
    expect(Math.max(...waits)).toBeLessThanOrEqual(middle * 1.5);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(middle / 2);
  }
});
