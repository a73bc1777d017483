import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { arrowDecoder } from "../api/arrow";
import { Canvas } from "../canvas/Canvas";
import { useText } from "../i18n/i18n";
import { Splitter } from "../ui/Splitter";
import css from "./screen.module.css";
import { BottomPanel } from "./BottomPanel";
import { CommandPalette } from "./CommandPalette";
import type { CanvasControls, CommandContext } from "../app/commands";
import { StudioProvider, useCommandContext, useView } from "../app/context";
import { KeysDialog } from "./KeysDialog";
import { LeftPanel } from "./LeftPanel";
import { LinkList } from "./LinkList";
import { Notes } from "./Notes";
import { SettingsPanel } from "./SettingsPanel";
import type { Studio } from "../app/studio";
import { TopBar } from "./TopBar";
import { useKeyboard } from "./useKeyboard";
import { limits, type ViewStore } from "../app/view";

interface Props {
  readonly studio: Studio;
  readonly view: ViewStore;
  readonly app: CommandContext["app"];
}

/** An open package: palette, canvas, settings, data. */
export function Screen({ studio, view, app }: Props) {
  const [canvas, setCanvas] = useState<CanvasControls | null>(null);
  const context = useMemo(() => ({ studio, view, canvas, app }), [studio, view, canvas, app]);
  useKeyboard(context);
  useFreshFiles(studio);
  useForesight();
  return (
    <StudioProvider value={context}>
      <div className={css.screen}>
        <TopBar />
        <Panels onControls={setCanvas} />
      </div>
      <CommandPalette />
      <KeysDialog />
      <LinkList />
    </StudioProvider>
  );
}

/** Milliseconds after which what is needed later may load beside what is needed now. */
const calm = 1500;

/** Loads what a click may need before the network is away; what does not come is asked for by that click. */
function useForesight() {
  useEffect(() => {
    const timer = setTimeout(() => void Promise.allSettled([import("../forms/FormulaEditor"), import("../grid/DataGrid"), arrowDecoder()]), calm);
    return () => clearTimeout(timer);
  }, []);
}

/** What a run wrote shows in the lists of files. */
function useFreshFiles(studio: Studio) {
  const queries = useQueryClient();
  useEffect(() => studio.store.subscribe((now, old) => {
    if (now.run !== old.run && (now.run?.results.length ?? 0) > 0 && old.run?.active) void queries.invalidateQueries({ queryKey: ["files"] });
  }), [studio, queries]);
}

function Panels({ onControls }: { readonly onControls: (c: CanvasControls | null) => void }) {
  const { t } = useText();
  return (
    <main className={css.panels}>
      <Side side="left" label={t("files.parts")}><LeftPanel /></Side>
      <div className={css.middle}>
        <div className={css.canvasBox}><Canvas onControls={onControls} /><Notes /></div>
        <Below label={t("panel.tabs")}><BottomPanel /></Below>
      </div>
      <Side side="right" label={t("settings.title")}><SettingsPanel /></Side>
    </main>
  );
}

function Side({ side, label, children }: { readonly side: "left" | "right"; readonly label: string; readonly children: React.ReactNode }) {
  const { t } = useText();
  const open = useView((v) => (side === "left" ? v.leftOpen : v.rightOpen));
  const size = useView((v) => v[side]);
  const set = useSetSize(side);
  if (!open) return null;
  const [min, max] = limits[side];
  const splitter = <Splitter label={t("common.resize", { label })} panel={side} size={size} min={min} max={max} onSize={set} />;
  return (
    <>
      {side === "right" && splitter}
      <div className={css.side} style={{ width: size }}>{children}</div>
      {side === "left" && splitter}
    </>
  );
}

function Below({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  const { t } = useText();
  const open = useView((v) => v.bottomOpen);
  const size = useView((v) => v.bottom);
  const set = useSetSize("bottom");
  if (!open) return null;
  const [min, max] = limits.bottom;
  return (
    <>
      <Splitter label={t("common.resize", { label })} panel="below" size={size} min={min} max={max} onSize={set} />
      <div className={css.below} style={{ height: size }}>{children}</div>
    </>
  );
}

function useSetSize(key: "left" | "right" | "bottom") {
  const { view } = useCommandContext();
  return (n: number) => view.setState({ [key]: n });
}
