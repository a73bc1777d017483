// Studio routes by hash, so that any static web server does: #/ is the
// workspace, #/open/folder/file.weft a package.

export type Route = { readonly kind: "home" } | { readonly kind: "package"; readonly path: string };

export function readRoute(hash: string): Route {
  const open = /^#\/open\/(.+)$/.exec(hash);
  if (!open?.[1]) return { kind: "home" };
  try {
    return { kind: "package", path: open[1].split("/").map(decodeURIComponent).join("/") };
  } catch {
    return { kind: "home" };
  }
}

export function spellRoute(r: Route): string {
  return r.kind === "home" ? "#/" : `#/open/${r.path.split("/").map(encodeURIComponent).join("/")}`;
}
