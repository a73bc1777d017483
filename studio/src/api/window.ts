/** What a frame of a message costs beside its payload, in bytes of credit. */
export const frameCost = 64;

/** Credit that the peer has: what it may send, and what is to be granted again. */
export class Window {
  private owed = 0;

  /** @param size bytes that the peer may have under way */
  constructor(private readonly size: number) {}

  /** Says that n are out of the way; returns what to grant now: 0, or half a window and more. */
  free(n: number): number {
    this.owed += n;
    if (this.owed < this.size / 2) return 0;
    const grant = this.owed;
    this.owed = 0;
    return grant;
  }
}
