// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Touch } from "../graph/touch";
import { useDraft } from "./draft";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const touch = (number: number): Touch => ({ number, name: "ann", paths: [] });

/** A field whose document takes what is given. */
function field(start: string, take: (text: string) => boolean = () => true) {
  const given: string[] = [];
  const props: { value: string; touch: Touch | undefined } = { value: start, touch: undefined };
  const hook = renderHook((p: typeof props) => useDraft(p.value, (text) => {
    if (!take(text)) return false;
    given.push(text);
    props.value = text;
    return true;
  }, p.touch), { initialProps: { ...props } });
  const show = () => hook.rerender({ ...props });
  return {
    given, show,
    get text() { return hook.result.current.text; },
    get clash() { return hook.result.current.clash; },
    type: (text: string) => act(() => hook.result.current.change(text)),
    wait: () => {
      act(() => void vi.advanceTimersByTime(400));
      show();
    },
    /** Somebody else changes the value. */
    other: (value: string, number: number) => {
      Object.assign(props, { value, touch: touch(number) });
      show();
    },
    act: (what: "leave" | "enter") => act(() => hook.result.current[what]()),
    choose: (whose: "keepMine" | "takeTheirs") => act(() => hook.result.current.clash?.[whose]()),
    end: () => hook.unmount(),
  };
}

describe("a field that somebody else changes as well", () => {
  test("follows while nothing is typed", () => {
    const f = field("a");
    f.other("b", 1);
    expect([f.text, f.clash]).toEqual(["b", null]);
  });
  test("follows what was typed and given on", () => {
    const f = field("a");
    f.type("mine");
    f.wait();
    f.other("theirs", 1);
    expect([f.text, f.clash, f.given]).toEqual(["theirs", null, ["mine"]]);
  });
  test("keeps what was typed and not given on, and gives neither on before somebody has chosen", () => {
    const f = field("a");
    f.type("mine");
    f.other("theirs", 1);
    expect([f.text, f.clash?.name]).toEqual(["mine", "ann"]);
    f.wait();
    f.act("leave");
    expect([f.text, f.given]).toEqual(["mine", []]);
  });
  test.each([["keepMine", ["mine"], "mine"], ["takeTheirs", [], "theirs"]] as const)("goes by what is chosen: %s", (whose, given, text) => {
    const f = field("a");
    f.type("mine");
    f.other("theirs", 1);
    f.choose(whose);
    f.show();
    f.wait();
    expect([f.text, f.clash, f.given]).toEqual([text, null, given]);
  });
  test("keeps what can't be taken yet", () => {
    const f = field("1", (text) => /^\d+$/.test(text));
    f.type("12x");
    f.wait();
    f.other("7", 1);
    expect([f.text, f.clash?.name]).toEqual(["12x", "ann"]);
  });
  test("is no clash where both say the same, or something beside it was changed", () => {
    const f = field("a");
    f.type("same");
    f.other("a", 1);
    expect(f.clash).toBeNull();
    f.other("same", 2);
    expect([f.text, f.clash]).toEqual(["same", null]);
  });
  test("loses nothing when the field goes", () => {
    const f = field("a");
    f.type("mine");
    f.other("theirs", 1);
    f.end();
    expect(f.given).toEqual(["mine"]);
  });
});
