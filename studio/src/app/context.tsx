import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { CommandContext } from "./commands";
import type { Studio, StudioState } from "./studio";
import type { View } from "./view";

const Context = createContext<CommandContext | null>(null);
export const StudioProvider = Context.Provider;

export function useCommandContext(): CommandContext {
  const c = useContext(Context);
  if (!c) throw new Error("outside of StudioProvider");
  return c;
}

export function useStudio(): Studio {
  return useCommandContext().studio;
}

/** A part of the open package's state. The selector must give the same object for the same state. */
export function useStudioState<T>(selector: (s: StudioState) => T): T {
  return useStore(useStudio().store, selector);
}

export function useView<T>(selector: (v: View) => T): T {
  return useStore(useCommandContext().view, selector);
}
