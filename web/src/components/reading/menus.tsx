import { type KeyboardEvent, useState } from 'react'
import type { Choice, Measure } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import styles from './menus.module.css'
import { shown } from './words'

/** One of several; the one that holds is marked. */
export function Options({
  label,
  choices,
  value,
  onPick,
}: {
  label?: string
  choices: readonly Choice[]
  value: string | null
  onPick: (name: string) => void
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of a menu
    <div role="group" aria-label={label} className={styles.group}>
      {choices.map(({ name, label, means }) => (
        <button
          key={name}
          type="button"
          role="menuitemradio"
          tabIndex={-1}
          aria-checked={name === value}
          className={styles.item}
          onClick={() => onPick(name)}
        >
          <span>{label}</span>
          {means && <small>{means}</small>}
        </button>
      ))}
    </div>
  )
}

/** Something to do with the chip itself. */
export function Deed({ onPress, children }: { onPress: () => void; children: string }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} className={styles.item} onClick={onPress}>
      {children}
    </button>
  )
}

/** A number in its unit; what is no number changes nothing. */
export function NumberField({
  measure,
  value,
  onChange,
  onDone,
  onLeaveOut,
}: {
  measure: Measure
  value: number
  onChange: (value: number) => void
  onDone: () => void
  onLeaveOut: () => void
}) {
  const [text, setText] = useState(String(shown(measure, value)))
  const [before, after] = measure.said.split('{}')

  function type(said: string) {
    setText(said)
    const number = Number(said.replace(',', '.'))
    const whole = measure.whole ? Math.round(number) : number
    if (said.trim() && Number.isFinite(whole) && whole > 0) onChange(whole / measure.factor)
  }

  function send(event: KeyboardEvent) {
    if (event.key !== 'Enter') return
    event.preventDefault() // the sentence is not sent yet
    onDone()
  }

  return (
    <div className={styles.number}>
      <label>
        {before}
        <input
          inputMode="decimal"
          autoComplete="off"
          maxLength={8}
          aria-label={measure.asks}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={send}
        />
        {after}
      </label>
      <button type="button" className={styles.item} onClick={onLeaveOut}>
        Leave out
      </button>
      <button type="button" className={styles.done} aria-label="Done" onClick={onDone}>
        <Icon name="check" size={18} />
      </button>
    </div>
  )
}
