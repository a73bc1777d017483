import { createContext, useContext, useSyncExternalStore } from "react";
import type { StudioBackend } from "../api/backend";
import type { Door, DoorState } from "../api/door";
import type { Transfers } from "./transfers";

/** What every page of Studio has, once somebody is signed in. */
export interface Shell {
  readonly backend: StudioBackend;
  readonly door: Door;
  readonly transfers: Transfers;
  readonly app: AppActions;
}

export interface AppActions {
  toggleTheme(): void;
  toggleLanguage(): void;
  home(): void;
}

const Context = createContext<Shell | null>(null);
export const ShellProvider = Context.Provider;

export function useShell(): Shell {
  const s = useContext(Context);
  if (!s) throw new Error("outside of ShellProvider");
  return s;
}

export function useDoor(door: Door): DoorState {
  return useSyncExternalStore((told) => door.watch(told), () => door.state);
}
