export type Dot = readonly [x: number, y: number]
export type Series = { id: string; label: string; hue: number; dash?: string; dots: readonly Dot[] }
export type Range = readonly [low: number, high: number]

/** Round numbers that cover a range, about `wanted` of them. */
export function ticks([low, high]: Range, wanted: number): number[] {
  const raw = (high - low) / Math.max(1, wanted)
  if (!(raw > 0)) return [low]
  const size = 10 ** Math.floor(Math.log10(raw))
  const step = size * ([1, 2, 5, 10].find((factor) => factor * size >= raw) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

/** The smallest range that holds all values; never empty. */
export function extent(values: readonly number[]): Range {
  if (!values.length) return [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = (high - low || Math.abs(high) || 1) * 0.06
  return [low - room, high + room]
}

/** An SVG path through dots that lie at (x, y) pixels. */
export function path(
  dots: readonly Dot[],
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  return dots.map(([u, v], i) => `${i ? 'L' : 'M'}${x(u).toFixed(1)} ${y(v).toFixed(1)}`).join('')
}

/** The dot nearest to a place on the x axis. */
export function nearest(dots: readonly Dot[], at: number): Dot | undefined {
  let best: Dot | undefined
  for (const dot of dots) {
    if (!best || Math.abs(dot[0] - at) < Math.abs(best[0] - at)) best = dot
  }
  return best
}
