/** The mark: two threads of the weft over and under two of the warp. */
export function Logo({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#0d5c63" />
      <g fill="none" strokeWidth="3.2" strokeLinecap="round">
        <path d="M10 7v4.4M10 16.6V25M22 7v8.4M22 20.6V25" stroke="#9ed8d2" />
        <path d="M7 14h11.4M23.6 14H25M7 18h.6M13 18h12" stroke="#f2b441" />
      </g>
    </svg>
  );
}
