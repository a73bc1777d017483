import { expect, test } from "vitest";
import { load, LoadError } from "./load";

function source(failures: number, why = "Failed to fetch") {
  let asked = 0;
  return { get: () => (++asked <= failures ? Promise.reject(new TypeError(why)) : Promise.resolve("part")), asked: () => asked };
}
const now = () => Promise.resolve();

test("a part that does not come is asked for again", async () => {
  const s = source(3);
  expect(await load(s.get, now)).toBe("part");
  expect(s.asked()).toBe(4);
});
test("one that never comes is told", async () => {
  const s = source(99);
  await expect(load(s.get, now)).rejects.toThrow(LoadError);
  expect(s.asked()).toBe(4);
});
test("styles that do not come are not left out", async () => {
  const s = source(1, "Unable to preload CSS for /app/assets/Screen.css");
  await expect(load(s.get, now)).rejects.toThrow(LoadError);
  expect(s.asked()).toBe(1);
});
