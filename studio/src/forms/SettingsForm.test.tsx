// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { I18nextProvider } from "react-i18next";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { FieldSpec } from "../graph/catalogue";
import type { JsonMap } from "../graph/json";
import { startI18n } from "../i18n/i18n";
import type { FormContext } from "./context";
import { SettingsForm } from "./SettingsForm";

beforeAll(() => {
  window.matchMedia = (query) => ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as unknown as typeof ResizeObserver;
});
afterEach(cleanup);

const fields: FieldSpec[] = [
  { key: "method", kind: "enum", choices: ["first", "share"], default: "first" },
  { key: "rows", kind: "integer", default: 100, min: 1, when: { key: "method", in: ["first"] } },
  { key: "share", kind: "number", when: { key: "method", in: ["share"] } },
  { key: "strict", kind: "boolean" },
  { key: "label", kind: "text", required: true },
  { key: "measures", kind: "list", items: [{ key: "column", kind: "column" }, { key: "name", kind: "text" }] },
];

async function show(settings: JsonMap, over: Partial<FormContext> = {}) {
  const set = vi.fn();
  const add = vi.fn();
  const remove = vi.fn();
  const context: FormContext = {
    settings, set, add, remove, move: vi.fn(), columns: [[{ name: "delay", label: "Delay", type: "integer", usage: "" }]],
    variables: [{ name: "min", type: "integer", default: 15, label: "Least" }], functions: [], files: [], locked: false, touchOf: () => undefined, problems: new Map(), ...over,
  };
  render(
    <I18nextProvider i18n={await startI18n("en")}>
      <MantineProvider env="test"><SettingsForm fields={fields} context={context} /></MantineProvider>
    </I18nextProvider>,
  );
  return { set, add, remove };
}

const input = (name: string) => screen.getByRole<HTMLInputElement>("textbox", { name });

describe("a form from a schema", () => {
  test("shows what matters now, with its defaults", async () => {
    await show({});
    expect(input("Rows").value).toBe("100");
    expect(screen.queryByRole("textbox", { name: "Share" })).toBeNull();
    expect(screen.getByText("This is needed.")).toBeTruthy();
  });
  test("another choice shows other fields", async () => {
    await show({ method: "share", label: "x" });
    expect(screen.queryByRole("textbox", { name: "Rows" })).toBeNull();
    expect(input("Share").value).toBe("");
    expect(screen.queryByText("This is needed.")).toBeNull();
  });
  test("what is typed acts on Enter, and a wrong number never", async () => {
    const { set } = await show({});
    fireEvent.change(input("Rows"), { target: { value: "0" } });
    fireEvent.keyDown(input("Rows"), { key: "Enter" });
    expect(screen.getByText("Not less than 1.")).toBeTruthy();
    expect(set).not.toHaveBeenCalled();
    fireEvent.change(input("Rows"), { target: { value: "25" } });
    fireEvent.keyDown(input("Rows"), { key: "Enter" });
    expect(set.mock.calls[0]?.slice(0, 2)).toEqual([["rows"], 25]);
  });
  test("a field that is left gives its text", async () => {
    const { set } = await show({ label: "old" });
    fireEvent.change(input("Label"), { target: { value: "new" } });
    fireEvent.blur(input("Label"));
    expect(set.mock.calls[0]?.slice(0, 2)).toEqual([["label"], "new"]);
  });
  test("a page that is left gives its text first", async () => {
    const order: string[] = [];
    const other = () => order.push("left");
    window.addEventListener("beforeunload", other); // as the page's own, which is there first
    const { set } = await show({ label: "old" });
    set.mockImplementation(() => order.push("given"));
    fireEvent.change(input("Label"), { target: { value: "new" } });
    fireEvent(window, new Event("beforeunload"));
    window.removeEventListener("beforeunload", other);
    expect(set.mock.calls[0]?.slice(0, 2)).toEqual([["label"], "new"]);
    expect(order).toEqual(["given", "left"]);
  });
  test("a problem stands at its setting, within a list too", async () => {
    await show({ measures: [{ column: "delay", name: "x" }] }, { problems: new Map([["measures[0].name", "Taken."]]) });
    const alert = screen.getByRole("alert");
    expect([alert.textContent, alert.closest("[data-setting]")?.getAttribute("data-setting")]).toEqual(["Taken.", "measures[0].name"]);
  });
  test("a variable shows by its name and can be taken away", async () => {
    const { set } = await show({ rows: { var: "min" } });
    expect(screen.getByText("$min")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Write a value in place of the variable" }));
    expect(set.mock.calls[0]?.slice(0, 2)).toEqual([["rows"], 100]);
  });
  test("items of a list are added and removed by buttons with names", async () => {
    const { add, remove } = await show({ measures: [{ column: "delay" }] });
    fireEvent.click(screen.getByRole("button", { name: "Add: Measures" }));
    expect(add).toHaveBeenCalledWith(["measures"], {});
    fireEvent.click(screen.getByRole("button", { name: "Remove: delay" }));
    expect(remove).toHaveBeenCalledWith(["measures"], 0);
  });
  test("a setting that the component does not know is told", async () => {
    await show({ speed: 1 });
    expect(screen.getByText("speed is not a setting of this component.")).toBeTruthy();
  });
});
