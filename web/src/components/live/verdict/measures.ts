import type { Criterion } from '@/api/types'
import { RATE_HZ } from './frames'
import { reflected, type Series } from './series'

type Args = Record<string, number | string>

const START_UP = RATE_HZ
const SWING = 2.5 * RATE_HZ
const STRIDE = 0.5 * RATE_HZ
const FALLEN_HEIGHT = 0.45
const FALLEN_UPRIGHT = 0.342
const OR = ' | '
const WINDOW = ['from_s', 'to_s']
const CONTACTS = ['contact:FR', 'contact:FL', 'contact:RR', 'contact:RL']

const MEASURES: Record<string, (x: Series, args: Args) => number> = {
  mean,
  median: (x) => percentile(x, 50),
  abs_mean: (x) => mean(x.map(Math.abs)),
  std: deviation,
  min: least,
  max: greatest,
  range: (x) => greatest(x) - least(x),
  final: (x) => mean(x.subarray(-RATE_HZ)),
  change,
  rate: (x) => change(x) / ((x.length - 1) / RATE_HZ),
  least_rate: (x, { seconds }) => least(rates(x, Number(seconds))),
  greatest_rate: (x, { seconds }) => greatest(rates(x, Number(seconds))),
  fraction_above: (x, { bound }) => share(x, (value) => value > Number(bound)),
  fraction_below: (x, { bound }) => share(x, (value) => value < Number(bound)),
  longest_above: (x, { bound }) => longest(x, (value) => value > Number(bound)),
  longest_below: (x, { bound }) => longest(x, (value) => value < Number(bound)),
  amplitude,
  frequency,
  rhythm,
  cycles: (x, { height }) => cycles(x, Number(height)),
  steadiness: (x) => 1 - deviation(x) / Math.max(Math.abs(mean(x)), 1e-9),
}
const OF_SEVERAL: Record<string, [string[], (series: Series[], home: number) => number]> = {
  falls: [['height', 'upright'], ([height, upright], home) => falls(height, upright, home)],
  alternation: [CONTACTS, (feet) => alternation(feet)],
  radius: [['path', 'yaw'], ([path, yaw]) => extent(path) / Math.max(extent(yaw), 1e-6)],
}
/** What holds all the time: without a window, the start-up is left out. */
const SETTLED = new Set(
  'mean median abs_mean std least_rate greatest_rate fraction_above fraction_below amplitude frequency rhythm steadiness alternation'.split(
    ' ',
  ),
)

/** Whether a criterion looks at a time of the clip alone. */
export const isWindowed = ({ args }: Criterion): boolean => WINDOW.some((name) => name in args)

/** A criterion's number, as `tabrl.verdict.measures` takes it; null where it cannot be measured. */
export function measured(
  criterion: Criterion,
  series: Record<string, Series>,
  home: number,
): number | null {
  const found = (criterion.signal ?? '')
    .split(OR)
    .map((signal) => ofSignal(criterion, signal, series, home))
    .filter((value) => value !== null)
  return found.toSorted((a, b) => miss(criterion, a) - miss(criterion, b))[0] ?? null
}

/** How far a number is outside its bounds. */
function miss({ at_least: low, at_most: high }: Criterion, value: number): number {
  return Math.max(0, low === null ? 0 : low - value, high === null ? 0 : value - high)
}

function ofSignal(
  { measure, args }: Criterion,
  signal: string,
  series: Record<string, Series>,
  home: number,
): number | null {
  const several = OF_SEVERAL[measure]
  const signs = several ? several[0].map((name) => ({ name, sign: 1 })) : summands(signal)
  const chosen = signs.map(({ name }) => {
    const found = series[name]
    return found && window(found, args, SETTLED.has(measure))
  })
  if (!chosen.every((x) => x?.length && x.every(Number.isFinite))) return null
  const all = chosen as Series[]
  const value = several
    ? several[1](all, home)
    : MEASURES[measure]?.(
        (all[0] as Series).map((_, i) =>
          all.reduce((sum, x, n) => sum + (signs[n]?.sign ?? 1) * (x[i] ?? 0), 0),
        ),
        args,
      )
  return value !== undefined && Number.isFinite(value) ? value : null
}

/** The series that a signal is the sum of, each with its sign: `pitch - roll`, `- yaw`. */
function summands(signal: string): { name: string; sign: number }[] {
  const [, ...rest] = (signal.startsWith('- ') ? signal : `+ ${signal}`).split(/(?:^| )([+-]) /)
  return Array.from({ length: rest.length / 2 }, (_, i) => ({
    sign: rest[2 * i] === '+' ? 1 : -1,
    name: rest[2 * i + 1] ?? '',
  }))
}

function window(x: Series, args: Args, settled: boolean): Series {
  if (WINDOW.some((name) => name in args)) {
    const [start, end] = [Number(args.from_s ?? 0), Number(args.to_s ?? 1e6)]
    return x.subarray(Math.round(start * RATE_HZ), Math.round(end * RATE_HZ) + 1)
  }
  return settled && x.length > 2 * START_UP ? x.subarray(START_UP) : x
}

function mean(x: Series): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length
}

function deviation(x: Series): number {
  const middle = mean(x)
  return Math.sqrt(x.reduce((sum, value) => sum + (value - middle) ** 2, 0) / x.length)
}

function least(x: Series): number {
  return x.reduce((a, b) => Math.min(a, b))
}

function greatest(x: Series): number {
  return x.reduce((a, b) => Math.max(a, b))
}

const extent = (x: Series = new Float64Array(1)) => greatest(x) - least(x)

function change(x: Series): number {
  return (x.at(-1) as number) - (x[0] as number)
}

function percentile(x: Series, percent: number): number {
  const sorted = x.toSorted()
  const place = ((sorted.length - 1) * percent) / 100
  const low = sorted[Math.floor(place)] as number
  const high = sorted[Math.ceil(place)] as number
  return low + (high - low) * (place - Math.floor(place))
}

function share(x: Series, holds: (value: number) => boolean): number {
  return x.reduce((count, value) => count + Number(holds(value)), 0) / x.length
}

/** The longest time, s, for which it holds without a break. */
function longest(x: Series, holds: (value: number) => boolean): number {
  let [now, most] = [0, 0]
  for (const value of x) {
    now = holds(value) ? now + 1 : 0
    most = Math.max(most, now)
  }
  return most / RATE_HZ
}

/** Change a second over each stretch of so many seconds, of all of it where it is shorter. */
function rates(x: Series, seconds: number): Series {
  const stretch = Math.min(Math.max(1, Math.round(seconds * RATE_HZ)), x.length - 1)
  return x.subarray(stretch).map((value, i) => ((value - (x[i] as number)) * RATE_HZ) / stretch)
}

/** Half of the robust peak-to-peak: the median over windows of 2.5 s, so that it must last. */
function amplitude(x: Series): number {
  const found: number[] = []
  for (let start = 0; start < Math.max(1, x.length - SWING + 1); start += STRIDE) {
    const swing = flat(x.subarray(start, start + SWING))
    found.push((percentile(swing, 97) - percentile(swing, 3)) / 2)
  }
  return percentile(Float64Array.from(found), 50)
}

/** Without its straight line: a drift is no swing. */
function flat(x: Series): Series {
  const t = x.map((_, i) => -1 + (2 * i) / (x.length - 1))
  const slope = dot(t, x) / dot(t, t)
  return x.map((value, i) => value - slope * (t[i] as number))
}

function dot(x: Series, y: Series): number {
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0)
}

/** Without its slow drift: a moving mean over 4 s. */
function steady(x: Series): Series {
  const half = Math.min(2 * RATE_HZ, Math.max(1, Math.floor(x.length / 2)))
  const middle = mean(x)
  const level = x.map((value) => value - middle)
  const padded = reflected(level, half)
  return level.map((value, i) => value - mean(padded.subarray(i, i + 2 * half + 1)))
}

/** Dominant frequency between 0.2 and 12 Hz; 0 for a series that stands still. */
function frequency(x: Series): number {
  const level = steady(x)
  const last = Math.max(1, level.length - 1)
  const shown = level.map((v, i) => v * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / last)))
  const padded = 4 * level.length
  const wave = circle(padded)
  let [best, most, sum] = [0, 0, 0]
  for (let bin = 0; bin <= padded / 2; bin++) {
    const hz = (bin * RATE_HZ) / padded
    if (hz < 0.2 || hz > 12) continue
    let [real, imaginary] = [0, 0]
    for (let i = 0; i < shown.length; i++) {
      const at = (bin * i) % padded
      real += (shown[i] as number) * (wave.cos[at] as number)
      imaginary += (shown[i] as number) * (wave.sin[at] as number)
    }
    const power = real ** 2 + imaginary ** 2
    sum += power
    if (power > most) [best, most] = [hz, power]
  }
  return sum > 1e-12 ? best : 0
}

function circle(parts: number): { cos: Series; sin: Series } {
  const angle = Float64Array.from({ length: parts }, (_, i) => (2 * Math.PI * i) / parts)
  return { cos: angle.map(Math.cos), sin: angle.map(Math.sin) }
}

/** How alike the motion is two beats later (one, where there are less than four). */
function rhythm(x: Series): number {
  const hz = frequency(x)
  if (hz === 0) return 0
  const level = steady(x)
  const beat = RATE_HZ / hz
  const lag = 4 * beat <= level.length ? 2 * beat : beat
  let most = 0
  for (let k = Math.floor(0.92 * lag); k <= Math.ceil(1.08 * lag); k++) {
    if (k > level.length - beat) continue
    const [early, late] = [level.subarray(0, level.length - k), level.subarray(k)]
    const size = Math.sqrt(dot(early, early)) * Math.sqrt(dot(late, late))
    most = Math.max(most, dot(early, late) / Math.max(size, 1e-12))
  }
  return most
}

/** Full swings of at least `height` from peak to trough and back. */
function cycles(x: Series, height: number): number {
  let [turns, low, high] = [0, x[0] as number, x[0] as number]
  let rising: boolean | null = null
  for (const value of x) {
    low = Math.min(low, value)
    high = Math.max(high, value)
    if (rising !== false && value <= high - height) {
      turns++
      rising = false
      low = value
    } else if (rising !== true && value >= low + height) {
      turns++
      rising = true
      high = value
    }
  }
  return turns / 2
}

/** How many times the base went down. */
function falls(height: Series | undefined, upright: Series | undefined, home: number): number {
  let [count, down] = [0, false]
  height?.forEach((z, i) => {
    const now = z < FALLEN_HEIGHT * home || (upright?.[i] ?? 1) < FALLEN_UPRIGHT
    if (now && !down) count++
    down = now
  })
  return count
}

/** Share of the time in which one diagonal pair of feet stands and the other does not. */
function alternation(feet: readonly Series[]): number {
  const [fr, fl, rr, rl] = feet as [Series, Series, Series, Series]
  return share(
    fr.map((foot, i) => Number(foot === rl[i] && fl[i] === rr[i] && foot !== fl[i])),
    Boolean,
  )
}
