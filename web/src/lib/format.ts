/** `45 s`, `2 min`, `1 h 20 min`: as one says a duration. */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under 1 s'
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`
}

/** `0:07.24`: a place in a clip. */
export function clipTime(seconds: number): string {
  const hundredths = Math.round(Math.max(0, seconds) * 100)
  const rest = String(hundredths % 6000).padStart(4, '0')
  return `${Math.floor(hundredths / 6000)}:${rest.slice(0, 2)}.${rest.slice(2)}`
}

/** `820`, `645k`, `6.5M`. */
export function count(value: number): string {
  if (value < 1000) return String(Math.round(value))
  const [scaled, unit] = value < 999_500 ? [value / 1000, 'k'] : [value / 1e6, 'M']
  return `${scaled < 10 ? Number(scaled.toFixed(1)) : Math.round(scaled)}${unit}`
}

/** Three significant digits, without a needless exponent. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e7) return value.toExponential(1).replace('-', '−')
  const text = size >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3))
  return String(text).replace('-', '−')
}

export function percent(share: number | null | undefined): string {
  return `${Math.round(100 * Math.min(1, Math.max(0, share ?? 0)))}%`
}

const AGES: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** `3 hours ago`; `just now` within a minute. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  const found = AGES.find(([, size]) => Math.abs(seconds) >= size)
  if (!found) return 'just now'
  const [unit, size] = found
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(
    Math.trunc(seconds / size),
    unit,
  )
}

/** `needs review` as it begins a chip: `Needs review`. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
