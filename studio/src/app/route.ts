// Studio routes by hash, so that any static web server does: #/ is the
// workspace, #/folder/… a folder of it, #/open/folder/file.weft a package.

export type Route =
  | { readonly kind: "home" }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "package"; readonly path: string };

export function readRoute(hash: string): Route {
  const [, kind, path] = /^#\/(open|folder)\/(.+)$/.exec(hash) ?? [];
  if (!kind || !path) return { kind: "home" };
  try {
    return { kind: kind === "open" ? "package" : "folder", path: path.split("/").map(decodeURIComponent).join("/") };
  } catch {
    return { kind: "home" };
  }
}

export function spellRoute(r: Route): string {
  switch (r.kind) {
    case "home":
      return "#/";
    case "folder":
      return r.path === "" ? "#/" : `#/folder/${spellPath(r.path)}`;
    case "package":
      return `#/open/${spellPath(r.path)}`;
  }
}

function spellPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
