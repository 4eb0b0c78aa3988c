import type { Approach } from '@/api/types'
import { number } from '@/lib/format'
import styles from './term-means.module.css'
import { BASELINE_WORDS, BASELINES } from './terms'

/** What a term pays a robot that knows nothing yet: a bar and its number for each. */
export function TermMeans({
  term,
  means,
  largest,
}: {
  term: string
  means: Approach['term_means']
  largest: number
}) {
  const shown = BASELINES.filter((baseline) => means[baseline])
  if (!shown.length) return null
  return (
    <ul className={styles.means} aria-label={`What ${term} pays`}>
      {shown.map((baseline) => {
        const pay = means[baseline]?.[term] ?? 0
        return (
          <li key={baseline} data-baseline={baseline}>
            <span className={styles.track}>
              <span
                className={styles.bar}
                data-sign={pay < 0 ? 'minus' : 'plus'}
                style={{ '--size': Math.min(1, Math.abs(pay) / largest) }}
              />
            </span>
            <span className="visually-hidden">{BASELINE_WORDS[baseline]} </span>
            {number(pay)}
          </li>
        )
      })}
    </ul>
  )
}

/** What the bars are. */
export function TermMeansKey({ means }: { means: Approach['term_means'] }) {
  return (
    <p className={styles.key}>
      What each term pays in a step:
      {BASELINES.filter((baseline) => means[baseline]).map((baseline) => (
        <span key={baseline} data-baseline={baseline}>
          {BASELINE_WORDS[baseline]}
        </span>
      ))}
    </p>
  )
}
