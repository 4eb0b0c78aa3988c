import type { Action, Choice, Choices, Measure, Reading } from '@/api/types'

export type Part = Reading['parts'][number]
type Measured = 'distance_m' | 'angle_rad' | 'speed_mps' | 'turn_rate' | 'tempo_hz' | 'count'

/** What of an action a chip is about; `seconds` is its part's. */
export type Field = 'do' | 'limb' | 'direction' | 'height' | 'manner' | 'seconds' | Measured

/** One thing that was read: which action's, and in which words. */
export type Chip = { field: Field; text: string; manner?: string }

/** The chips of an action, in the order in which they are said. */
export function chipsOf(action: Action, choices: Choices): Chip[] {
  const { part, side, direction, height } = action
  const chips: Chip[] = []
  const say = (field: Field, text: string, manner?: string) => chips.push({ field, text, manner })
  const verb = label(choices.verbs, action.do)
  say('do', action.negated ? `never ${verb}` : verb)
  if (part || side) {
    const limb = part ? label(choices.parts, part) : 'side'
    say('limb', side ? `${label(choices.sides, side)} ${limb}` : limb)
  }
  if (direction) say('direction', label(choices.directions, direction))
  for (const measure of choices.measures) {
    const value = saidOf(action, measure)
    if (value !== null) say(measure.name as Measured, measured(measure, value, action.do))
  }
  if (height) say('height', label(choices.heights, height))
  for (const manner of action.manner) say('manner', label(choices.manners, manner), manner)
  return chips
}

/** How long a part goes on, in words; empty where that was not said. */
export function lasting(part: Part, choices: Choices): string {
  const measure = choices.measures.find(({ name }) => name === 'seconds')
  return measure && part.seconds ? measured(measure, part.seconds) : ''
}

/** A whole reading in a line. */
export function inWords(parts: readonly Part[], choices: Choices): string {
  const said = (action: Action) => chipsOf(action, choices).map(({ text }) => text)
  return parts
    .map((part) =>
      [part.actions.map((action) => said(action).join(' · ')).join(' and '), lasting(part, choices)]
        .filter(Boolean)
        .join(' · '),
    )
    .join(', then ')
}

/** A number as people say it: in their unit, to two digits after the point. */
export function shown({ factor }: Pick<Measure, 'factor'>, value: number): number {
  return Number((value * factor).toFixed(2))
}

/** What an action or a part says of a measure; null where it says nothing. */
export function saidOf(thing: Action | Part, { name }: Measure): number | null {
  const value = (thing as Record<string, unknown>)[name]
  return typeof value === 'number' ? value : null
}

function measured({ said, said_of, ...measure }: Measure, value: number, verb = ''): string {
  return (said_of[verb] ?? said).replace('{}', String(shown(measure, value)))
}

function label(choices: readonly Choice[], name: string): string {
  return choices.find((choice) => choice.name === name)?.label ?? name
}
