import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addressFrom, type Refusal } from "./address";
import { catalogues } from "../i18n/catalogues";

interface Vector {
  name: string;
  page: string;
  server_json?: unknown;
  server_json_text?: string;
  url?: string;
  refused?: string;
}

const file = new URL("../../../internal/address/testdata/address-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vector[];

function reason(r: Refusal): string {
  if (r.id === "address.unencrypted_from_encrypted_page") return "unencrypted_from_encrypted_page";
  return r.key === "" ? "invalid" : `invalid:${r.key}`;
}

describe("address", () => {
  test.each(vectors)("$name", (v) => {
    const text = v.server_json_text ?? JSON.stringify(v.server_json);
    const got = addressFrom(new URL(v.page), text);
    if (v.url !== undefined) expect(got).toEqual({ ok: true, value: v.url });
    else expect(got.ok ? got.value : reason(got.refusal)).toBe(v.refused);
  });

  test("there are vectors of both kinds", () => {
    expect(vectors.filter((v) => v.url).length).toBeGreaterThan(20);
    expect(vectors.filter((v) => v.refused).length).toBeGreaterThan(15);
  });

  test.each(["{\"__proto__\": 1}", "{\"constructor\": 1}"])("a key that objects inherit is unknown: %s", (text) => {
    const got = addressFrom(new URL("http://weft.example/app/"), text);
    expect(got.ok ? "" : got.refusal.id).toBe("address.unknown_key");
  });

  test("every refusal has its words in both languages", () => {
    const ids = [
      "address.not_json", "address.not_object", "address.unknown_key", "address.bad_host", "address.bad_port",
      "address.bad_boolean", "address.bad_path", "address.unencrypted_from_encrypted_page",
    ] as const;
    for (const id of ids) {
      expect(catalogues.en[id]).toBeTruthy();
      expect(catalogues.ru[id]).toMatch(/[а-я]/);
    }
  });
});
