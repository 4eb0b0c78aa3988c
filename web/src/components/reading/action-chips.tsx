import type { ReactNode } from 'react'
import type { Action, Choices } from '@/api/types'
import { ChipMenu } from './chip-menu'
import { additions, changed, lasts, nothing, type Place, without } from './correct'
import { MeasureChip } from './measure-chip'
import { Deed, Options } from './menus'
import type { Editing } from './reading-chips'
import styles from './reading-chips.module.css'
import { type Chip, chipsOf } from './words'

type Change = Partial<Action>

/** The chips of one action, and one more to say more. */
export function ActionChips({
  link,
  action,
  at,
  editing,
  children,
}: {
  /** How it follows what stands before. */
  link: string
  action: Action
  at: Place
  editing: Editing
  children: ReactNode
}) {
  const { reading, choices, open, onOpen, onChange } = editing
  const id = (field: string, manner = '') =>
    `${at.part}.${at.action}.${field}${manner && `.${manner}`}`
  const part = reading.parts[at.part]
  const alone = reading.parts.length === 1 && part?.actions.length === 1

  /** Close the menu and bring the focus to a chip, or open that chip's menu. */
  function change(change: Change, to: string, thenOpen = false) {
    onOpen(thenOpen ? to : null)
    onChange(changed(reading, choices, at, change), thenOpen ? '' : to)
  }

  function chipOf(chip: Chip) {
    const { field, manner, text } = chip
    const self = id(field, manner)
    const menu = MENUS[field]
    if (!menu) {
      return (
        <MeasureChip
          key={self}
          id={self}
          name={field}
          value={Number(action[field as keyof Action])}
          editing={editing}
          onValue={(value) =>
            onChange(
              changed(reading, choices, at, { [field]: value }),
              value === null ? id('do') : '',
            )
          }
        />
      )
    }
    return (
      <ChipMenu
        key={self}
        id={self}
        label={`Change ${menu.asks}`}
        look={field === 'do' ? styles.verb : styles.chip}
        open={open === self}
        onOpen={(wide) => onOpen(wide ? self : null)}
        button={text}
      >
        {menu.groups(action, choices, manner).map(({ label, among, value, change: made }) => (
          <Options
            key={label}
            label={label}
            choices={among}
            value={value}
            onPick={(it) => change(made(it), field === 'manner' ? id(field, it) : self)}
          />
        ))}
        {field === 'do' ? (
          <>
            <Deed onPress={() => change({ negated: !action.negated }, self)}>
              {action.negated ? 'It should happen' : 'It must never happen'}
            </Deed>
            {!alone && (
              <Deed
                onPress={() => {
                  onOpen(null)
                  onChange(without(reading, choices, at), '0.0.do')
                }}
              >
                Leave all of it out
              </Deed>
            )}
          </>
        ) : (
          <Deed onPress={() => change(nothing(field, action, manner), id('do'))}>Leave out</Deed>
        )}
      </ChipMenu>
    )
  }

  const [verb, ...said] = chipsOf(action, choices).map(chipOf)
  const last = said.pop()
  const more = id('more')
  const longer = choices.measures.find(({ name }) => name === 'seconds')
  return (
    <>
      <span className={styles.joint}>
        {link}
        {verb}
      </span>
      {said}
      <span className={styles.joint}>
        {last}
        {children}
        <ChipMenu
          id={more}
          label="Say more"
          look={styles.more}
          open={open === more}
          onOpen={(wide) => onOpen(wide ? more : null)}
          button={
            <>
              <span aria-hidden="true">+</span>
              <span className="visually-hidden">Say more</span>
            </>
          }
        >
          {additions(action, choices).map(({ field, asks, change: made }) => (
            <Deed key={field} onPress={() => change(made, id(field, made.manner?.at(-1)), true)}>
              {asks}
            </Deed>
          ))}
          {longer && part?.seconds === null && (
            <Deed
              onPress={() => {
                onOpen(`${at.part}.seconds`)
                onChange(lasts(reading, choices, at.part, longer.usual), '')
              }}
            >
              {longer.asks}
            </Deed>
          )}
        </ChipMenu>
      </span>
    </>
  )
}

type Group = {
  label: string
  among: Choices['verbs']
  value: string | null
  change: (name: string) => Change
}

/** What each chip but a number opens. */
const MENUS: Partial<
  Record<
    Chip['field'],
    { asks: string; groups: (action: Action, choices: Choices, manner?: string) => Group[] }
  >
> = {
  do: {
    asks: 'what to do',
    groups: (action, { verbs }) => [
      { label: 'Verb', among: verbs, value: action.do, change: (it) => ({ do: it }) },
    ],
  },
  limb: {
    asks: 'with what',
    groups: (action, { sides, parts }) => [
      {
        label: 'Side',
        among: sides,
        value: action.side,
        change: (it) => ({ side: it as Action['side'] }),
      },
      { label: 'Part', among: parts, value: action.part, change: (it) => ({ part: it }) },
    ],
  },
  direction: {
    asks: 'which way',
    groups: (action, { directions }) => [
      {
        label: 'Direction',
        among: directions,
        value: action.direction,
        change: (it) => ({ direction: it as Action['direction'] }),
      },
    ],
  },
  height: {
    asks: 'how high',
    groups: (action, { heights }) => [
      {
        label: 'Height',
        among: heights,
        value: action.height,
        change: (it) => ({ height: it as Action['height'] }),
      },
    ],
  },
  manner: {
    asks: 'in what manner',
    groups: (action, { manners }, manner = '') => [
      {
        label: 'Manner',
        among: manners.filter((it) => it.name === manner || !action.manner.includes(it.name)),
        value: manner,
        change: (it) => ({ manner: action.manner.map((old) => (old === manner ? it : old)) }),
      },
    ],
  },
}
