import type { Change, CodeChange, CodeLine, ValueChange } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import { classes } from '@/lib/classes'
import styles from './diff.module.css'
import '@fontsource-variable/jetbrains-mono/wght.css'

const SIGNS = { same: ' ', removed: '−', added: '+' }
const WORDS = { same: '', removed: 'before: ', added: 'after: ' }

/** What an edit changed: weights, setting and texts as values, code line by line. */
export function Diff({ changes, label }: { changes: Change[]; label: string }) {
  const values = changes.filter((change): change is ValueChange => change.kind !== 'code')
  const code = changes.filter((change): change is CodeChange => change.kind === 'code')
  return (
    <section className={styles.diff} aria-label={label}>
      {values.length > 0 && (
        <ul className={styles.changes}>
          {values.map(({ name, before, after }) => (
            <li key={name}>
              <code>{name}</code>
              <del>{shown(before)}</del>
              <Icon name="right" size={14} />
              <ins>{shown(after)}</ins>
            </li>
          ))}
        </ul>
      )}
      {code.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={styles.code} tabIndex={0} aria-label={`Code of ${label}`}>
          <div className={styles.lines}>
            {code.map(({ lines }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: places have no identity but their order
              <Place key={place} lines={lines} first={place === 0} />
            ))}
          </div>
        </section>
      )}
      {!changes.length && <p className={styles.none}>Nothing was changed.</p>}
    </section>
  )
}

function Place({ lines, first }: { lines: CodeLine[]; first: boolean }) {
  return (
    <>
      {!first && (
        <div className={classes(styles.line, styles.gap)} aria-hidden="true">
          <span className={styles.sign}>⋯</span>
        </div>
      )}
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={index} className={classes(styles.line, styles[line.kind])}>
          <span className={styles.sign} aria-hidden="true">
            {SIGNS[line.kind]}
          </span>
          <code>
            {WORDS[line.kind] && <span className="visually-hidden">{WORDS[line.kind]}</span>}
            <Marked line={line} />
          </code>
        </div>
      ))}
    </>
  )
}

function Marked({ line: { text, marked } }: { line: CodeLine }) {
  if (!marked) return text
  const letters = [...text] // whole ones, as the server counts
  const [start, end] = marked
  return (
    <>
      {letters.slice(0, start).join('')}
      <mark>{letters.slice(start, end).join('')}</mark>
      {letters.slice(end).join('')}
    </>
  )
}

const shown = (value: ValueChange['before']) =>
  value === null || value === '' ? 'none' : Array.isArray(value) ? value.join(', ') : `${value}`
