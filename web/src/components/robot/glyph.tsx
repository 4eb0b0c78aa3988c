const BODIES: Record<string, string> = {
  quadruped: 'M14 30h34l8-8M18 30l-5 12 5 12M28 30l-4 12 5 12M40 30l5 12-4 12M46 30l7 12-4 12',
  biped: 'M24 22h16v12H24zM28 34l-4 11 4 11M36 34l4 11-4 11',
  humanoid: 'M32 8a5 5 0 1 1-.1 0M32 20v18M32 24l-13 8M32 24l13 8M32 38l-8 18M32 38l8 18',
  arm: 'M18 56h20M28 56V40l18-10-12-16M34 14l-7 1M34 14l1-7',
  bimanual: 'M8 56h16M40 56h16M16 56V38l9-12 6 6M48 56V38l-9-12-6 6',
  hand: 'M22 56V38l-8-10M22 38h20V56M24 38V14M31 38V10M38 38V14M42 42l9-12',
  planar: 'M8 54h48M20 34l14-12 14 12-8 10 6 10M20 34l6 10-8 10',
  swimmer: 'M6 40q8-16 16 0t16 0 16 0',
  classic: 'M8 52h48M22 52v-8h20v8M32 44L42 12M42 12a3 3 0 1 0 .1 0',
}

/** A line drawing of a kind of robot, for as long as there is no picture of it. */
export function RobotGlyph({ type }: { type: string }) {
  return (
    <svg viewBox="0 0 64 64" width="46%" aria-hidden="true">
      <path
        d={BODIES[type] ?? BODIES.classic}
        fill="none"
        stroke="currentColor"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
