import { Handle, type NodeProps, Position } from "@xyflow/react";
import { IconNote, IconPlugConnectedX, IconPin } from "@tabler/icons-react";
import { memo, useEffect, useRef } from "react";
import { useStudio } from "../app/context";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { ComponentIcon, familyColor } from "../ui/ComponentIcon";
import { personColor } from "../ui/Avatar";
import { StateMark } from "../ui/StateMark";
import { visible } from "../ui/visible";
import type { Card } from "./bind";
import css from "./canvas.module.css";

/** A node on the canvas: icon of its component, label, state, typed ports. */
export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<Card>) {
  const { node, spec, status, used, renaming, others } = data;
  const { t } = useText();
  const label = visible(node.label || node.id);
  const people = others === "" ? [] : others.split("\n");
  const inputs = spec?.inputs ?? [];
  const outputs = spec?.outputs ?? [];
  return (
    <div className={css.card} data-selected={selected} data-state={status.state} data-others={people.length > 0} style={{ "--family": familyColor(node.component), ...(people[0] !== undefined && { "--person": personColor(people[0]) }) } as React.CSSProperties}>
      {people.length > 0 && <span className={css.people}>{people.map((name) => <span key={name} style={{ background: personColor(name) }}>{visible(name)}</span>)}</span>}
      <ComponentIcon component={node.component} svg={spec?.icon ?? ""} size={36} />
      <div className={css.words}>
        <span className={css.head}>
          {renaming ? <LabelInput id={node.id} label={label} /> : <span className={css.label} title={label}>{label}</span>}
          <span className={css.component}>{spec?.title ?? node.component}</span>
        </span>
        <StateLine data={data} />
      </div>
      {status.state === "running" && <span className={css.progress} style={{ width: `${status.percent ?? 30}%` }} />}
      {inputs.map((p, i) => (
        <Handle key={p.name} id={p.name} type="target" position={Position.Left} className={css.port} data-optional={p.optional} data-type={p.type ?? "table"}
          style={{ top: portTop(i, inputs.length) }} title={t("canvas.input", { label: p.label })}>
          {inputs.length > 1 && <span className={css.portIn}>{p.label}</span>}
        </Handle>
      ))}
      {outputs.map((p, i) => (
        <Handle key={p.name} id={p.name} type="source" position={Position.Right} className={css.port} data-used={used.includes(` ${p.name} `)} data-side={i > 0} data-type={p.type ?? "table"}
          style={{ top: portTop(i, outputs.length) }} title={t("canvas.output", { label: p.label })}>
          {outputs.length > 1 && <span className={css.portOut}>{p.label}</span>}
        </Handle>
      ))}
    </div>
  );
});

function portTop(i: number, n: number): string {
  return `${((i + 1) / (n + 1)) * 100}%`;
}

function StateLine({ data }: { readonly data: Card["data"] }) {
  const { t, language } = useText();
  const { state, rows, percent, problem } = data.status;
  const f = format(language);
  const text = state === "done" && rows !== undefined ? t("state.rows", { count: rows, n: f.count(rows) })
    : state === "running" && percent !== undefined ? f.percent(percent / 100)
    : t(`state.${state}`);
  return (
    <span className={css.state} style={{ color: `var(--w-${state})` }} title={problem}>
      <StateMark state={state} />
      <span className={css.stateText}>{text}</span>
      {data.node.keep && <IconPin size={11} aria-label={t("cmd.keep")} />}
      {data.status.unpublished !== undefined && <IconPlugConnectedX className={css.unpublished} size={12} role="img" aria-label={t("services.node", { why: visible(data.status.unpublished) })}><title>{data.status.unpublished}</title></IconPlugConnectedX>}
      {data.node.note !== "" && <IconNote size={11} aria-label={t("settings.note")} />}
    </span>
  );
}

/** Renames in place: Enter takes the text, Escape leaves it. */
function LabelInput({ id, label }: { readonly id: string; readonly label: string }) {
  const studio = useStudio();
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => input.current?.select(), []);
  const end = (take: boolean, back = false) => {
    if (over.current) return; // a field that goes loses the focus as well
    over.current = true;
    const text = input.current?.value.trim() ?? "";
    if (back) input.current?.closest<HTMLElement>(".react-flow__node")?.focus();
    studio.rename("");
    if (take && text !== label) studio.do({ kind: "rename", workflow: studio.state.workflow, node: id, label: text });
  };
  return (
    <input
      ref={input} className={`${css.rename} nodrag nopan`} aria-label={t("cmd.rename")} defaultValue={label} autoFocus
      onBlur={() => end(true)}
      onKeyDown={(e) => {
        e.stopPropagation();
        if (e.key === "Enter") end(true, true);
        if (e.key === "Escape") end(false, true);
      }}
    />
  );
}
