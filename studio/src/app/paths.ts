// Paths of files, with slashes, from the root of all folders.

/** The folder that a file stands in; empty: the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

export function isPackage(f: { readonly path: string; readonly folder: boolean }): boolean {
  return !f.folder && f.path.endsWith(".weft");
}

/** A path as a package writes it: from its own folder, or with a slash from the top folder that it is in. */
export function fromPackage(packagePath: string, path: string): string {
  const own = folderOf(packagePath);
  if (own === "" || path.startsWith(`${own}/`)) return own === "" ? path : path.slice(own.length + 1);
  const top = `${packagePath.split("/", 1)[0] ?? ""}/`;
  return path.startsWith(top) ? path.slice(top.length - 1) : path;
}

/** A name that is not taken: flights.csv, flights_2.csv. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  const dot = name.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  let free = name;
  for (let n = 2; taken(free); n++) free = `${stem}_${n}${end}`;
  return free;
}

/** What is wrong with a name that somebody typed for a file; null: nothing that can be told from here. */
export function nameProblem(name: string): "empty" | "slash" | "dots" | null {
  if (name.trim() === "") return "empty";
  if (/[/\\]/.test(name)) return "slash";
  return name === "." || name === ".." ? "dots" : null;
}
