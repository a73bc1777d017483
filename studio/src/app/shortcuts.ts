// Keys are written Mod+Shift+Z; Mod is Ctrl, and Cmd on a Mac.

interface KeyEvent {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether an event is a shortcut's. Letters go by their place on the keyboard, so that a Russian layout does as well. */
export function matches(keys: string, e: KeyEvent, mac: boolean): boolean {
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const mod = parts.includes("Mod");
  if ((mac ? e.metaKey : e.ctrlKey) !== mod || (mac ? e.ctrlKey : e.metaKey)) return false;
  if (e.altKey !== parts.includes("Alt")) return false;
  if (/^[A-Z]$/.test(key)) return e.shiftKey === parts.includes("Shift") && (e.code === `Key${key}` || e.key.toUpperCase() === key);
  if (/^\d$/.test(key)) return e.shiftKey === parts.includes("Shift") && e.code === `Digit${key}`;
  if (key.length > 1 && e.shiftKey !== parts.includes("Shift")) return false;
  return e.key === key;
}

const arrows: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
const macSigns: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };

/** Keys as people read them. */
export function spellKeys(keys: string, mac: boolean): string {
  const parts = keys.split("+").filter(Boolean);
  const words = parts.map((p) => arrows[p] ?? (mac ? (macSigns[p] ?? p) : p === "Mod" ? "Ctrl" : p === "Delete" ? "Del" : p === "Escape" ? "Esc" : p));
  if (keys.endsWith("+") && keys !== "+") words.push("+");
  return words.join(mac ? "" : "+") || keys;
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

const unwritten = new Set(["checkbox", "radio", "range", "button", "file"]);

/** Whether keys belong to what is being written in. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !unwritten.has(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}
