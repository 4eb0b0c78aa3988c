import type { Approach } from '@/api/types'
import { number } from '@/lib/format'
import styles from './pays.module.css'
import { ROLL_WORDS, ROLLS } from './terms'

/** What a term pays a robot that knows nothing yet: a bar and its number for each of three. */
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
  return (
    <ul className={styles.pays} aria-label={`What ${term} pays`}>
      {rolls.map((roll) => {
        const pay = pays[roll]?.[term] ?? 0
        return (
          <li key={roll} data-roll={roll}>
            <span className={styles.track}>
              <span
                className={styles.bar}
                data-sign={pay < 0 ? 'minus' : 'plus'}
                style={{ '--size': Math.min(1, Math.abs(pay) / largest) }}
              />
            </span>
            <span className="visually-hidden">{ROLL_WORDS[roll]} </span>
            {number(pay)}
          </li>
        )
      })}
    </ul>
  )
}

/** What the three bars are. */
export function PaysKey() {
  return (
    <p className={styles.key}>
      What each term pays in a step:
      {ROLLS.map((roll) => (
        <span key={roll} data-roll={roll}>
          {ROLL_WORDS[roll]}
        </span>
      ))}
    </p>
  )
}
