/** A change of one value: a weight, the clock, a bound. */
export type Change = { name: string; from: string; to: string }

/** A line of code; `marked` is the part that differs from its counterpart. */
export type Line = {
  kind: 'same' | 'gone' | 'new' | 'gap'
  text: string
  marked?: readonly [number, number]
}

const WEIGHT = /^([+-])# (\w+) weighs (\S+)$/
const SETTING = /^([+-])# (\{.*\})$/
const TRAILER = /^[ +-]# (\w+ weighs \S+|\{.*\})$/
const NAMES: Record<string, string> = {
  clock_hz: 'clock (Hz)',
  command: 'command',
  min_upright: 'least upright',
  min_height: 'least height',
}

/** What a unified diff of an approach changes: lines of code, weights, setting. */
export function readDiff(diff: string): { lines: Line[]; changes: Change[] } {
  const body = diff.split('\n').slice(2) // the first two name the approaches
  const code = body.filter((line) => !TRAILER.test(line)).map(toLine)
  return { lines: mark(trim(code)), changes: [...weights(body), ...setting(body)] }
}

function toLine(text: string): Line {
  if (text.startsWith('@@')) return { kind: 'gap', text: '' }
  const kind = text.startsWith('+') ? 'new' : text.startsWith('-') ? 'gone' : 'same'
  return { kind, text: text.slice(1) }
}

/** Hunks in which no code changes are left out, and so is the gap before the first. */
function trim(lines: Line[]): Line[] {
  const hunks: Line[][] = []
  for (const line of lines) {
    if (line.kind === 'gap' || !hunks.length) hunks.push([])
    hunks.at(-1)?.push(line)
  }
  const kept = hunks.filter((hunk) => hunk.some(({ kind }) => kind === 'new' || kind === 'gone'))
  return kept.flat().slice(kept[0]?.[0]?.kind === 'gap' ? 1 : 0)
}

/** Marks what differs between lines that go and as many that come in their place. */
function mark(lines: Line[]): Line[] {
  const marked = [...lines]
  for (let begin = 0; begin < lines.length; ) {
    const gone = run(lines, begin, 'gone')
    const fresh = run(lines, begin + gone, 'new')
    for (let i = 0; gone === fresh && i < gone; i++) {
      const [old, now] = [lines[begin + i], lines[begin + gone + i]] as [Line, Line]
      const [ofOld, ofNow] = differing(old.text, now.text)
      marked[begin + i] = { ...old, marked: ofOld }
      marked[begin + gone + i] = { ...now, marked: ofNow }
    }
    begin += Math.max(1, gone + fresh)
  }
  return marked
}

function run(lines: Line[], begin: number, kind: Line['kind']): number {
  let end = begin
  while (lines[end]?.kind === kind) end++
  return end - begin
}

type Range = readonly [number, number]

/** The words in which two texts differ, from the first to the last. */
function differing(a: string, b: string): [Range, Range] {
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
  while (start > 0 && isWord(a[start - 1])) start--
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  while (end > 0 && isWord(a.at(-end))) end--
  return [
    [start, a.length - end],
    [start, b.length - end],
  ]
}

const isWord = (letter?: string) => letter !== undefined && /[\w.]/.test(letter)

function weights(body: string[]): Change[] {
  const sides: Record<string, Partial<Record<'+' | '-', string>>> = {}
  for (const line of body) {
    const [, side, name, value] = WEIGHT.exec(line) ?? []
    if (name && value) sides[name] = { ...sides[name], [side as '+' | '-']: value }
  }
  return Object.entries(sides).map(([name, side]) => ({
    name,
    from: side['-'] ?? '1',
    to: side['+'] ?? '1', // a term without a weight weighs 1
  }))
}

function setting(body: string[]): Change[] {
  const found = { '+': {}, '-': {} } as Record<string, Record<string, unknown>>
  for (const line of body) {
    const [, side, json] = SETTING.exec(line) ?? []
    if (side && json) found[side] = flat(json)
  }
  const [before, after] = [found['-'] ?? {}, found['+'] ?? {}]
  return Object.keys(after)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => ({
      name: NAMES[name] ?? name,
      from: shown(before[name]),
      to: shown(after[name]),
    }))
}

function flat(json: string): Record<string, unknown> {
  try {
    const { termination, ...rest } = JSON.parse(json)
    return { ...rest, ...termination }
  } catch {
    return {}
  }
}

const shown = (value: unknown) =>
  value === null || value === undefined
    ? 'none'
    : Array.isArray(value)
      ? value.join(', ')
      : `${value}`
