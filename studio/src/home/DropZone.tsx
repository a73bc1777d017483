import { IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import css from "./home.module.css";

interface Props {
  readonly enabled: boolean;
  /** What dropping would do. */
  readonly label: string;
  readonly onFiles: (files: File[], at: { x: number; y: number }) => void;
  readonly className?: string;
  readonly children: React.ReactNode;
}

/** A place that takes files which are dropped on it. Who uses the keyboard has a button for the same. */
export function DropZone({ enabled, label, onFiles, className, children }: Props) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const takes = (e: React.DragEvent) => enabled && e.dataTransfer.types.includes("Files");
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <div
      className={className ?? css.zone}
      onDragEnter={(e) => {
        if (!takes(e)) return;
        depth.current++;
        setOver(true);
      }}
      onDragLeave={(e) => {
        if (takes(e) && --depth.current <= 0) leave();
      }}
      onDragOver={(e) => {
        if (!e.dataTransfer.types.includes("Files")) return;
        e.preventDefault();
        e.dataTransfer.dropEffect = enabled ? "copy" : "none";
      }}
      onDrop={(e) => {
        if (!e.dataTransfer.types.includes("Files")) return;
        e.preventDefault(); // else the browser would leave the page for the file
        leave();
        if (enabled) onFiles(droppedFiles(e.dataTransfer), { x: e.clientX, y: e.clientY });
      }}
    >
      {children}
      {over && <div className={css.dropping} role="status"><span><IconUpload size={20} stroke={1.6} aria-hidden />{label}</span></div>}
    </div>
  );
}

/** Files, without the folders that browsers give as empty files. */
function droppedFiles(d: DataTransfer): File[] {
  const items = [...d.items].filter((i) => i.kind === "file");
  const files = items.flatMap((i) => (i.webkitGetAsEntry()?.isDirectory ? [] : (i.getAsFile() ?? [])));
  return items.length > 0 ? files : [...d.files];
}
