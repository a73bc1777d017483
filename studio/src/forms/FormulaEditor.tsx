import { autocompletion, type Completion, type CompletionContext, type CompletionResult, completionKeymap, moveCompletionSelection } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Column } from "../api/backend";
import { type FunctionSpec, signature } from "../graph/catalogue";
import type { Variable } from "../graph/model";
import { styleNonce } from "../ui/nonce";
import css from "./forms.module.css";
import { formulaColors, formulaLanguage } from "./language";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly columns: readonly Column[];
  readonly variables: readonly Variable[];
  readonly functions: readonly FunctionSpec[];
  /** It can be read, not written. */
  readonly locked: boolean;
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
}

const fromOutside = Annotation.define<boolean>();

/** The editor of formulas: colours, completion of columns and variables. */
export function FormulaEditor({ id, label, value, columns, variables, functions, locked, onChange, onLeave }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ columns, variables, functions, onChange, onLeave });
  useEffect(() => {
    latest.current = { columns, variables, functions, onChange, onLeave };
  });
  useEffect(() => {
    if (!host.current) return undefined;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(styleNonce()), history(), bracketMatching(), formulaLanguage, formulaColors, EditorView.lineWrapping,
          // The list never scrolls, since nothing in it takes the focus: arrows and the wheel show the next ones.
          autocompletion({ override: [(c) => complete(c, latest.current)], icons: false, maxRenderedOptions: 8 }),
          replaceBySelf,
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ id, "aria-label": label, "aria-multiline": "true", ...(locked && { "aria-readonly": "true" }) }),
          EditorState.readOnly.of(locked),
          EditorView.updateListener.of((u) => {
            if (u.docChanged && !u.transactions.some((t) => t.annotation(fromOutside))) latest.current.onChange(u.state.doc.toString());
            if (u.focusChanged && !u.view.hasFocus) latest.current.onLeave();
          }),
        ],
      }),
    });
    view.current = editor;
    const turned = (e: WheelEvent) => turn(e, editor);
    const box = host.current;
    box.addEventListener("wheel", turned, { passive: false });
    return () => {
      box.removeEventListener("wheel", turned);
      view.current = null;
      editor.destroy();
    };
  }, [id, label, locked]);
  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === value) return;
    now.dispatch({ changes: difference(now.state.doc.toString(), value), annotations: fromOutside.of(true) });
  }, [value, id, label, locked]);
  return <div ref={host} className={css.formula} />;
}

/** What makes one text of another, so that the cursor stays where nothing changes. */
function difference(old: string, now: string) {
  const most = Math.min(old.length, now.length);
  let from = 0;
  while (from < most && old[from] === now[from]) from++;
  let end = 0;
  while (end < most - from && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  return { from, to: old.length - end, insert: now.slice(from, now.length - end) };
}

/** The wheel over the list of completions chooses another of them. */
function turn(e: WheelEvent, editor: EditorView) {
  if (!(e.target instanceof Element) || !e.target.closest(".cm-tooltip-autocomplete") || e.deltaY === 0) return;
  e.preventDefault();
  moveCompletionSelection(e.deltaY > 0)(editor);
}

/**
 * Writing over a selection, without the browser's help: it would carry the old
 * text's look over as an inline style, which the page's policy refuses.
 */
const replaceBySelf = EditorView.domEventHandlers({
  beforeinput: (e, view) => {
    if (e.inputType !== "insertText" || e.isComposing || e.data === null || view.state.readOnly || view.state.selection.main.empty) return false;
    e.preventDefault();
    view.dispatch(view.state.replaceSelection(e.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

function complete(c: CompletionContext, known: Pick<Props, "columns" | "variables" | "functions">): CompletionResult | null {
  const word = c.matchBefore(/[$\p{L}_][\p{L}\p{N}_]*/u);
  if (!word && !c.explicit) return null;
  return {
    from: word?.from ?? c.pos,
    options: [
      ...known.columns.map((x): Completion => ({ label: x.name, detail: x.type, info: x.label && x.label !== x.name ? x.label : undefined, type: "property", boost: 2 })),
      ...known.variables.map((v): Completion => ({ label: `$${v.name}`, detail: v.type, info: v.label || undefined, type: "variable", boost: 1 })),
      ...known.functions.filter((f) => !f.operator).map(functionCompletion),
    ],
    validFor: /^[$\p{L}\p{N}_]*$/u,
  };
}

/** A function with its parentheses; the cursor comes to stand between them. */
function functionCompletion(f: FunctionSpec): Completion {
  return {
    label: f.name, detail: signature(f), info: f.help, type: "function",
    apply: (view, _c, from, to) => {
      const inside = from + f.name.length + 1;
      view.dispatch({ changes: { from, to, insert: `${f.name}()` }, selection: { anchor: f.params.length > 0 ? inside : inside + 1 }, userEvent: "input.complete" });
    },
  };
}
