/** States of a node, as people see them. */
export type NodeState = "incomplete" | "ready" | "running" | "done" | "stale" | "failed";

const shapes: Readonly<Record<NodeState, React.ReactNode>> = {
  incomplete: <circle cx="6" cy="6" r="4.2" fill="none" strokeWidth="1.6" strokeDasharray="2.2 1.8" />,
  ready: <circle cx="6" cy="6" r="4.2" fill="none" strokeWidth="1.6" />,
  running: <path d="M6 1.8a4.2 4.2 0 1 1-4.2 4.2" fill="none" strokeWidth="1.8" strokeLinecap="round" />,
  done: (
    <>
      <circle cx="6" cy="6" r="5" fill="currentColor" stroke="none" />
      <path d="m3.8 6.1 1.6 1.6 2.9-3.2" fill="none" stroke="var(--w-raised)" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  stale: <path d="M6 1.4 10.6 6 6 10.6 1.4 6z" fill="currentColor" stroke="none" />,
  failed: (
    <>
      <path d="M6 .9 11.4 10.6H.6z" fill="currentColor" stroke="none" />
      <path d="M6 4.4v2.7M6 8.7v.1" stroke="var(--w-raised)" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
};

/** A state's shape in its colour; its text stands beside it. */
export function StateMark({ state, size = 11 }: { readonly state: NodeState; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" stroke="currentColor" style={{ color: `var(--w-${state})`, flex: "none" }} aria-hidden>
      {state === "running" ? (
        <g>
          {shapes.running}
          <animateTransform attributeName="transform" type="rotate" from="0 6 6" to="360 6 6" dur="0.9s" repeatCount="indefinite" />
        </g>
      ) : (
        shapes[state]
      )}
    </svg>
  );
}
