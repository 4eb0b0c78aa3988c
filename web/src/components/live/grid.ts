const RATIO = 4 / 3
const EVEN = 0.88 // full rows are worth this share of a picture's size

/** How many columns and rows let so many pictures be largest on a canvas, px; all cells alike. */
export function gridOf(
  count: number,
  width: number,
  height: number,
): { columns: number; rows: number } {
  const found = Array.from({ length: Math.max(1, count) }, (_, i) => {
    const [columns, rows] = [i + 1, Math.ceil(count / (i + 1))]
    const size = Math.min(width / columns, (height / rows) * RATIO)
    return { columns, rows, size: count % columns ? EVEN * size : size }
  })
  const { columns, rows } = found.reduce((a, b) => (b.size > a.size ? b : a))
  return { columns, rows }
}

/** The cell under a point of the canvas, and the point in it; both from -1 to 1, y upwards. */
export function cellAt(
  x: number,
  y: number,
  { columns, rows }: { columns: number; rows: number },
): { cell: number; x: number; y: number } {
  const [right, down] = [(columns * (x + 1)) / 2, (rows * (1 - y)) / 2]
  const column = Math.min(columns - 1, Math.max(0, Math.floor(right)))
  const row = Math.min(rows - 1, Math.max(0, Math.floor(down)))
  return { cell: row * columns + column, x: 2 * (right - column) - 1, y: 1 - 2 * (down - row) }
}
