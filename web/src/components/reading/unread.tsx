import styles from './unread.module.css'

const SHOWN = 6

/** What had no part in a reading, struck through. */
export function Unread({ words }: { words: readonly string[] }) {
  const once = [...new Set(words)]
  if (!once.length) return null
  return (
    <span className={styles.unread}>
      not read:{' '}
      {once.slice(0, SHOWN).map((said, at) => (
        <span key={said}>
          {at > 0 && ', '}
          <s>{said}</s>
        </span>
      ))}
      {once.length > SHOWN && ` and ${once.length - SHOWN} more`}
    </span>
  )
}
