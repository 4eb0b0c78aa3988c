import { Icon } from '@/components/ui/icon'
import { classes } from '@/lib/classes'
import { type Line, readDiff } from '@/lib/diff'
import styles from './diff.module.css'
import '@fontsource-variable/jetbrains-mono/wght.css'

const SIGNS = { same: ' ', gone: '−', new: '+', gap: '⋯' }
const WORDS = { same: '', gone: 'before: ', new: 'after: ', gap: '' }

/** What an edit changed: weights and setting as values, code line by line. */
export function Diff({ diff, label }: { diff: string; label: string }) {
  const { lines, changes } = readDiff(diff)
  return (
    <section className={styles.diff} aria-label={label}>
      {changes.length > 0 && (
        <ul className={styles.changes}>
          {changes.map(({ name, from, to }) => (
            <li key={name}>
              <code>{name}</code>
              <del>{from}</del>
              <Icon name="right" size={14} />
              <ins>{to}</ins>
            </li>
          ))}
        </ul>
      )}
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={styles.code} tabIndex={0} aria-label={`Code of ${label}`}>
          <div className={styles.lines}>
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
          </div>
        </section>
      )}
      {!lines.length && !changes.length && <p className={styles.none}>Nothing was changed.</p>}
    </section>
  )
}

function Marked({ line: { text, marked } }: { line: Line }) {
  if (!marked || marked[0] === marked[1]) return text
  return (
    <>
      {text.slice(0, marked[0])}
      <mark>{text.slice(...marked)}</mark>
      {text.slice(marked[1])}
    </>
  )
}
