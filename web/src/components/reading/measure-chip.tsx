import { ChipMenu } from './chip-menu'
import { NumberField } from './menus'
import type { Editing } from './reading-chips'
import styles from './reading-chips.module.css'
import { shown } from './words'

/** A number that was read, with a field to correct it. */
export function MeasureChip({
  id,
  name,
  value,
  editing,
  onValue,
}: {
  id: string
  name: string
  value: number
  editing: Editing
  onValue: (value: number | null) => void
}) {
  const { choices, open, onOpen } = editing
  const measure = choices.measures.find((measure) => measure.name === name)
  if (!measure) return null
  return (
    <ChipMenu
      id={id}
      label={`Change ${measure.asks}`}
      look={styles.chip}
      kind="dialog"
      open={open === id}
      onOpen={(wide) => onOpen(wide ? id : null)}
      button={measure.said.replace('{}', String(shown(measure, value)))}
    >
      {(close) => (
        <NumberField
          measure={measure}
          value={value}
          onChange={onValue}
          onDone={close}
          onLeaveOut={() => {
            onOpen(null)
            onValue(null)
          }}
        />
      )}
    </ChipMenu>
  )
}
