import type { Approach } from '@/api/types'
import { Spark } from '@/components/chart/spark'
import { termCurve } from '@/lib/curves'
import { number } from '@/lib/format'
import styles from './term-curves.module.css'

/** A small curve of each term's pay. */
export function TermCurves({ approach }: { approach: Approach }) {
  return (
    <ul className={styles.terms}>
      {approach.terms.map((term) => {
        const dots = termCurve(approach, term)
        return (
          <li key={term} className={styles.term}>
            <code>{term}</code>
            <Spark dots={dots} />
            <span>{number(dots.at(-1)?.[1])}</span>
          </li>
        )
      })}
    </ul>
  )
}
