import { useLayoutEffect, useState } from "react";

/** Gives the keyboard back to what had it, when what took it goes. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(() => () => {
    if (before instanceof HTMLElement && before !== document.body) before.focus({ preventScroll: true });
  }, [before]);
}
