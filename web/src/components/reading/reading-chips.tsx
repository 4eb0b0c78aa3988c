import { useLayoutEffect, useRef, useState } from 'react'
import type { Choices, Reading } from '@/api/types'
import { classes } from '@/lib/classes'
import { ActionChips } from './action-chips'
import { lasts } from './correct'
import { MeasureChip } from './measure-chip'
import styles from './reading-chips.module.css'
import { Unread } from './unread'

export type Editing = {
  reading: Reading
  choices: Choices
  /** Which chip's menu is open. */
  open: string | null
  onOpen: (id: string | null) => void
  /** `focus` is the chip that has the focus then; empty where it stays. */
  onChange: (reading: Reading, focus: string) => void
}

/** A reading as chips: what is done, by what, which way, how far; each opens to be corrected. */
export function ReadingChips({
  reading,
  choices,
  onChange,
}: {
  reading: Reading
  choices: Choices
  onChange: (reading: Reading) => void
}) {
  const [open, onOpen] = useState<string | null>(null)
  const chips = useRef<HTMLFieldSetElement>(null)
  const focus = useRef('')
  useLayoutEffect(() => {
    const chip = focus.current && chips.current?.querySelector(`[data-chip="${focus.current}"]`)
    focus.current = ''
    if (chip instanceof HTMLElement) chip.focus({ preventScroll: true })
  })

  const editing: Editing = {
    reading,
    choices,
    open,
    onOpen,
    onChange: (next, id) => {
      focus.current = id
      onChange(next)
    },
  }
  return (
    <fieldset ref={chips} className={classes(styles.chips, !reading.sure && styles.unsure)}>
      <legend className="visually-hidden">What I read</legend>
      {reading.parts.map((part, at) =>
        part.actions.map((action, index) => (
          <ActionChips
            // biome-ignore lint/suspicious/noArrayIndexKey: an action is what it is by its place
            key={`${at}.${index}`}
            link={index > 0 ? 'and' : at > 0 ? 'then' : ''}
            action={action}
            at={{ part: at, action: index }}
            editing={editing}
          >
            {index === part.actions.length - 1 && part.seconds !== null && (
              <MeasureChip
                id={`${at}.seconds`}
                name="seconds"
                value={part.seconds}
                editing={editing}
                onValue={(seconds) =>
                  editing.onChange(
                    lasts(reading, choices, at, seconds),
                    seconds === null ? `${at}.0.do` : '',
                  )
                }
              />
            )}
          </ActionChips>
        )),
      )}
      <Unread words={reading.unread} />
    </fieldset>
  )
}
