import { Switch, Textarea, TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMemo } from "react";
import { componentOf } from "../graph/catalogue";
import type { Command } from "../graph/command";
import { type GraphNode, type Workflow, variables as variablesOf } from "../graph/model";
import { treePath } from "../graph/path";
import { touchOf } from "../graph/touch";
import { useText } from "../i18n/i18n";
import { Clashed } from "../forms/Clashed";
import type { FormContext } from "../forms/context";
import { useDraft } from "../forms/draft";
import { addItemCommand, moveItemCommand, removeItemCommand, setCommand } from "../forms/model";
import { SettingsForm } from "../forms/SettingsForm";
import { ComponentIcon } from "../ui/ComponentIcon";
import { Empty } from "../ui/Empty";
import css from "./screen.module.css";
import { useStudio, useStudioState } from "../app/context";
import { useFoundFiles, useInputColumns } from "../app/data";
import { folderOf, fromPackage } from "../app/paths";
import { isFresh } from "../app/states";
import { currentNode, shownWorkflow } from "../app/studio";

/** The settings of the selected node. */
export function SettingsPanel() {
  const { t } = useText();
  const w = useStudioState(shownWorkflow);
  const id = useStudioState(currentNode);
  const count = useStudioState((s) => s.selection.nodes.length);
  const node = w.nodes.find((n) => n.id === id);
  return (
    <section className={css.right} data-part="right" aria-label={t("settings.title")}>
      {!node && <Empty title={t("settings.none")}>{t("settings.none_hint")}</Empty>}
      {node && count > 1 && <Empty title={t("settings.many", { count })} />}
      {node && count === 1 && <NodeSettings key={`${w.id}/${node.id}`} w={w} node={node} />}
    </section>
  );
}

interface NodeProps {
  readonly w: Workflow;
  readonly node: GraphNode;
}

function NodeSettings({ w, node }: NodeProps) {
  const { t } = useText();
  const components = useStudioState((s) => s.components);
  const spec = componentOf(components, node.component);
  const context = useFormContext(w, node);
  const writable = useStudioState((s) => s.writable);
  const runnable = useStudioState((s) => s.runnable);
  return (
    <>
      <header className={css.nodeHead}>
        <ComponentIcon component={node.component} svg={spec?.icon ?? ""} size={34} />
        <div className={css.nodeWords}>
          <NodeLabel w={w} node={node} />
          <p className={css.nodeKind}>{spec?.title ?? node.component} · <code>{node.id}</code></p>
        </div>
      </header>
      <div className={css.rightBody}>
        {spec && <p className={css.summary}>{spec.summary}</p>}
        {!writable && <p className={css.readOnly}><IconLock size={15} stroke={1.7} aria-hidden />{t(runnable ? "package.read_only" : "package.look_only")}</p>}
        <fieldset className={css.fieldset} disabled={!writable}>
        {spec ? <SettingsForm fields={spec.settings} context={context} /> : <p className={css.hint}>{t("settings.unknown", { name: node.component })}</p>}
        <hr className={css.rule} />
        <KeepSwitch w={w} node={node} />
        <NodeNote w={w} node={node} />
        </fieldset>
      </div>
    </>
  );
}

function NodeLabel({ w, node }: NodeProps) {
  const { t } = useText();
  const studio = useStudio();
  const draft = useDraft(node.label, (label) => studio.do({ kind: "rename", workflow: w.id, node: node.id, label }), useNodeTouch(w, node, "label"));
  return (
    <>
      <TextInput
        variant="unstyled" size="sm" classNames={{ input: css.nodeLabel }} aria-label={t("settings.label")} value={draft.text} placeholder={node.id}
        onChange={(e) => draft.change(e.currentTarget.value)} onBlur={draft.leave} onKeyDown={(e) => { if (e.key === "Enter") draft.enter(); }}
      />
      <Clashed draft={draft} theirs={node.label} />
    </>
  );
}

function NodeNote({ w, node }: NodeProps) {
  const { t } = useText();
  const studio = useStudio();
  const draft = useDraft(node.note, (note) => studio.do({ kind: "set_note", workflow: w.id, node: node.id, note }), useNodeTouch(w, node, "note"));
  return (
    <>
      <Textarea size="xs" label={t("settings.note")} autosize minRows={2} maxRows={10} value={draft.text} onChange={(e) => draft.change(e.currentTarget.value)} onBlur={draft.leave} />
      <Clashed draft={draft} theirs={node.note} />
    </>
  );
}

/** The latest change of a word of a node that somebody else has made. */
function useNodeTouch(w: Workflow, node: GraphNode, key: string) {
  return useStudioState((s) => touchOf(s.doc?.touches ?? [], ["workflows", w.id, "nodes", node.id, key]));
}

function KeepSwitch({ w, node }: NodeProps) {
  const { t } = useText();
  const studio = useStudio();
  return (
    <Switch size="sm" label={t("cmd.keep")} labelPosition="left" classNames={{ body: css.switchBody }} checked={node.keep} onChange={(e) => studio.do({ kind: "set_keep", workflow: w.id, node: node.id, keep: e.currentTarget.checked })} />
  );
}

/** What the form's fields need: columns, variables, files, problems, and edits as commands. */
function useFormContext(w: Workflow, node: GraphNode): FormContext {
  const studio = useStudio();
  const components = useStudioState((s) => s.components);
  const columns = useInputColumns(w, node, components);
  const shown = useStudioState((s) => s.doc?.shown ?? null);
  const touches = useStudioState((s) => s.doc?.touches);
  const problems = useStudioState((s) => s.problems);
  const refused = useStudioState((s) => s.refused);
  const run = useStudioState((s) => s.run);
  const functions = useStudioState((s) => s.functions);
  const writable = useStudioState((s) => s.writable);
  const { path } = studio.state;
  const files = useFoundFiles(studio.backend, folderOf(path));
  return useMemo(() => {
    const at = { workflow: w.id, node: node.id };
    const settings = node.settings;
    const send = (c: Command | null) => { if (c) studio.do(c); };
    const met = run && isFresh(w, run.workflow, node.id) ? run.problems : [];
    const here = [...refused, ...met, ...problems].filter((p) => (p.place.workflow || "main") === w.id && p.place.node === node.id && p.place.setting !== "");
    return {
      settings,
      locked: !writable,
      columns,
      variables: shown ? variablesOf(shown) : [],
      functions,
      files: files.filter((f) => !f.folder && f.path !== path).map((f) => fromPackage(path, f.path)),
      touchOf: (path) => touchOf(touches ?? [], ["workflows", w.id, "nodes", node.id, "settings", ...treePath(path)]),
      problems: new Map(here.map((p) => [p.place.setting, p.text])),
      set: (path, value, f) => send(setCommand(at, settings, path, value, f.default)),
      add: (path, item) => send(addItemCommand(at, settings, path, item)),
      remove: (path, i) => send(removeItemCommand(at, settings, path, i)),
      move: (path, i, by) => send(moveItemCommand(at, settings, path, i, by)),
    };
  }, [node.id, node.settings, columns, functions, shown, files, path, problems, refused, run, studio, touches, w, writable]);
}
