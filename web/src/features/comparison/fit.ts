/** Space for clips, px. */
export type Room = { width: number; height: number }

const RATIO = 4 / 3
const GAP = 10
const LEAST = 150 // narrower than this nobody sees what happens: then the page scrolls
const READABLE = 220
const EVEN = 0.88 // full rows are worth this share of a clip's size

/**
 * How many columns let clips be largest in a room with all of them in view, and how wide each is.
 *
 * Where they cannot all be seen, they are as wide as one can watch and the page scrolls.
 */
export function arrange(count: number, { width, height }: Room): { columns: number; tile: number } {
  const found = Array.from({ length: Math.max(1, count) }, (_, i) => {
    const columns = i + 1
    const rows = Math.ceil(count / columns)
    const wide = (width - GAP * (columns - 1)) / columns
    const tall = (height - GAP * (rows - 1)) / rows
    const tile = Math.floor(Math.min(wide, tall * RATIO))
    return { columns, tile, worth: count % columns ? tile * EVEN : tile }
  })
  const best = found.reduce((a, b) => (b.worth > a.worth ? b : a))
  if (best.tile >= Math.min(LEAST, width)) return { columns: best.columns, tile: best.tile }
  const columns = Math.max(1, Math.min(count, Math.floor((width + GAP) / (READABLE + GAP))))
  return { columns, tile: Math.floor((width - GAP * (columns - 1)) / columns) }
}
