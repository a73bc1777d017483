/** An id that nobody else makes. It needs no secure context, unlike crypto.randomUUID. */
export function freshID(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
}
