import { type RefObject, useEffect } from "react";

/**
 * The keys of a search with a list under it: arrows go from the search into
 * the list, along it and back; Enter in the search takes the first that was
 * found.
 */
export function useListKeys(part: RefObject<HTMLElement | null>, found: boolean): void {
  useEffect(() => {
    const box = part.current;
    if (!box) return undefined;
    const down = (e: KeyboardEvent) => {
      if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
      const search = box.querySelector<HTMLInputElement>("[data-search]");
      const items = [...box.querySelectorAll<HTMLElement>("[data-pick]:not(:disabled)")];
      const at = items.findIndex((i) => i === e.target);
      if (e.target !== search && at < 0) return;
      if (e.key === "Enter" && at < 0 && found) items[0]?.click();
      else if (e.key === "ArrowDown") items[at + 1]?.focus();
      else if (e.key === "ArrowUp" && at >= 0) (items[at - 1] ?? search)?.focus();
      else return;
      e.preventDefault();
    };
    box.addEventListener("keydown", down);
    return () => box.removeEventListener("keydown", down);
  }, [part, found]);
}
