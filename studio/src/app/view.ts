import { createStore, type StoreApi } from "zustand/vanilla";

// How the screen is arranged on this machine. It is kept by the browser, and
// is none of the package's business.

export type BottomTab = "data" | "schema" | "statistics" | "run" | "messages";
export type LeftTab = "palette" | "files";

export interface View {
  readonly leftOpen: boolean;
  readonly rightOpen: boolean;
  readonly bottomOpen: boolean;
  /** Pixels. */
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly leftTab: LeftTab;
  readonly tab: BottomTab;
  /** The list of commands is open. */
  readonly palette: boolean;
  /** The list of keys is open. */
  readonly keys: boolean;
  /** The list of links that may be made is open. */
  readonly linking: boolean;
}

export type ViewStore = StoreApi<View>;

export const limits = { left: [200, 420], right: [260, 560], bottom: [140, 700] } as const;

const key = "weft.view";
const start: View = {
  leftOpen: true, rightOpen: true, bottomOpen: true, left: 248, right: 328, bottom: 300,
  leftTab: "palette", tab: "data", palette: false, keys: false, linking: false,
};

/** Makes the store. Storage may be closed to the page: then nothing is kept. */
export function createView(storage: Storage | null): ViewStore {
  const store = createStore<View>(() => ({ ...start, ...read(storage) }));
  store.subscribe((v) => {
    try {
      storage?.setItem(key, JSON.stringify({ ...v, palette: false, keys: false, linking: false }));
    } catch {
      // Full or forbidden: the arrangement is then of this visit only.
    }
  });
  return store;
}

/** What was kept, as far as it has the right shape. */
function read(storage: Storage | null): Partial<View> {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(Object.entries(start).flatMap(([k, v]) => (typeof kept[k] === typeof v ? [[k, kept[k]]] : [])));
  } catch {
    return {};
  }
}

export function localStore(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
