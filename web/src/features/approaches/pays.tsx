import type { Approach } from '@/api/types'
import { number } from '@/lib/format'
import styles from './pays.module.css'
import { ROLL_WORDS, ROLLS } from './terms'

/** What a term pays a robot that knows nothing yet: a bar for each of three. */
export function Pays({
  term,
  pays,
  largest,
}: {
  term: string
  pays: Approach['pays']
  largest: number
}) {
  const rolls = ROLLS.filter((roll) => pays[roll])
  if (!rolls.length) return null
  const words = rolls.map((roll) => `${ROLL_WORDS[roll]} ${number(pays[roll]?.[term])}`)
  return (
    <span
      className={styles.pays}
      role="img"
      aria-label={`Pays a step: ${words.join(', ')}`}
      title={words.join('\n')}
    >
      {rolls.map((roll) => {
        const pay = pays[roll]?.[term] ?? 0
        return (
          <span key={roll} className={styles.track} data-roll={roll}>
            <span
              className={styles.bar}
              data-sign={pay < 0 ? 'minus' : 'plus'}
              style={{ '--size': Math.min(1, Math.abs(pay) / largest) }}
            />
          </span>
        )
      })}
    </span>
  )
}

/** What the three bars are. */
export function PaysKey() {
  return (
    <p className={styles.key}>
      Pay a step:
      {ROLLS.map((roll) => (
        <span key={roll} data-roll={roll}>
          {ROLL_WORDS[roll]}
        </span>
      ))}
    </p>
  )
}
