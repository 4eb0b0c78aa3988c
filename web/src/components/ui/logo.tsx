/** The mark: a speech bubble on four legs. */
export function Logo({ size = 36 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <path
        d="M9 27v7M15 27v7M26 27v7M32 27v7"
        stroke="var(--ink)"
        strokeWidth="3.6"
        strokeLinecap="round"
      />
      <path
        d="M8 9h17a9 9 0 0 1 9 9v2.500a8 8 0 0 1-8 8H12a8 8 0 0 1-8-8V6.500a1.600 1.600 0 0 1 2.700-1.200z"
        fill="var(--sun)"
        stroke="var(--ink)"
        strokeWidth="2.6"
        strokeLinejoin="round"
      />
      <circle cx="24.5" cy="18" r="2.6" fill="#241c2e" />
      <circle cx="13.5" cy="18" r="2.6" fill="#241c2e" />
    </svg>
  )
}
