// Cells out of the integers that Arrow holds, exact and the same on every
// machine: instants show in UTC, the zone of packages.

/** A decimal of so many digits behind the point: 1250n, 2 is 12.50. */
export function spellDecimal(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Days since 1970-01-01 as a date. Years beyond 9999 and before 0 have a sign, as ISO 8601 has them. */
export function spellDate(days: number): string {
  // Days to a civil date, by Howard Hinnant's algorithm: Date stops at ±271821.
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${String(Math.abs(year)).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** Microseconds since midnight; the fraction shows only where there is one. */
export function spellTime(us: bigint): string {
  const seconds = Number(us / 1_000_000n);
  const fraction = Number(us % 1_000_000n);
  const tail = fraction === 0 ? "" : `.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${tail}`;
}

const day = 86_400_000_000n;

/** Microseconds since 1970-01-01T00:00:00; an instant ends with Z. */
export function spellTimestamp(us: bigint, instant: boolean): string {
  const days = us >= 0n ? us / day : -((-us + day - 1n) / day);
  return `${spellDate(Number(days))}T${spellTime(us - days * day)}${instant ? "Z" : ""}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
