import type { Action, Choices, Measure, Reading } from '@/api/types'
import type { Field, Part } from './words'

/** Where an action stands in a reading. */
export type Place = { part: number; action: number }

/** What a person makes of a reading is sure, but for what the body has no words for. */
function sure(reading: Reading, parts: Part[], choices: Choices): Reading {
  const known = new Set([...choices.verbs, ...choices.parts].map(({ name }) => name))
  const able = parts
    .flatMap(({ actions }) => actions)
    .every((it) => it.negated || (known.has(it.do) && (!it.part || known.has(it.part))))
  return able
    ? { ...reading, parts, sure: true, note: '', alternatives: [] }
    : { ...reading, parts }
}

/** The reading with one action changed. */
export function changed(
  reading: Reading,
  choices: Choices,
  at: Place,
  change: Partial<Action>,
): Reading {
  const change_ = (it: Action, index: number) => (index === at.action ? { ...it, ...change } : it)
  const parts = reading.parts.map((part, index) =>
    index === at.part ? { ...part, actions: part.actions.map(change_) } : part,
  )
  return sure(reading, parts, choices)
}

/** The reading with one part that goes on for so long. */
export function lasts(reading: Reading, choices: Choices, at: number, seconds: number | null) {
  const parts = reading.parts.map((part, index) => (index === at ? { ...part, seconds } : part))
  return sure(reading, parts, choices)
}

/** The reading without one action, and without its part where nothing else is in it. */
export function without(reading: Reading, choices: Choices, at: Place): Reading {
  const parts = reading.parts
    .map((part, index) =>
      index === at.part
        ? { ...part, actions: part.actions.filter((_, i) => i !== at.action) }
        : part,
    )
    .filter((part) => part.actions.length > 0)
  return sure(reading, parts, choices)
}

/** What an action no longer says where a field is left out. */
export function nothing(field: Field, action: Action, manner?: string): Partial<Action> {
  if (field === 'limb') return { part: null, side: null }
  if (field === 'manner') return { manner: action.manner.filter((it) => it !== manner) }
  return { [field]: null }
}

/** What can be added to an action: the first there is of a field that says nothing yet. */
export function additions(
  action: Action,
  choices: Choices,
): { field: Field; asks: string; change: Partial<Action> }[] {
  const free = choices.manners.find(({ name }) => !action.manner.includes(name))?.name
  const said: { field: Field; asks: string; change: Partial<Action>; there: boolean }[] = [
    {
      field: 'limb',
      asks: 'with what',
      change: { part: choices.parts[0]?.name ?? null },
      there: Boolean(action.part ?? action.side) || !choices.parts.length,
    },
    {
      field: 'direction',
      asks: 'which way',
      change: { direction: choices.directions[0]?.name as Action['direction'] },
      there: action.direction !== null,
    },
    ...choices.measures
      .filter(({ name }) => name in action)
      .map((measure: Measure) => ({
        field: measure.name as Field,
        asks: measure.asks,
        change: { [measure.name]: measure.usual / measure.factor },
        there: action[measure.name as keyof Action] !== null,
      })),
    {
      field: 'height',
      asks: 'how high',
      change: { height: choices.heights[0]?.name as Action['height'] },
      there: action.height !== null,
    },
    {
      field: 'manner',
      asks: 'in what manner',
      change: { manner: free ? [...action.manner, free] : action.manner },
      there: !free,
    },
  ]
  return said.filter(({ there }) => !there)
}
