import { useRef, useState } from 'react'
import type { Approach } from '@/api/types'
import { Slider } from '@/components/ui/slider'
import { number } from '@/lib/format'
import { Pays, PaysKey } from './pays'
import { largestPay, termNames, weightRange } from './terms'
import styles from './weights.module.css'

/** A slider for each term's weight beside what the term pays. */
export function Weights({
  approach,
  onChange,
}: {
  approach: Approach
  onChange?: (weights: Record<string, number>) => Promise<unknown>
}) {
  const largest = largestPay(approach.pays)
  const [moved, setMoved] = useState<Record<string, number>>({})
  const proposed = useRef(approach.weights)
  const weights = { ...approach.weights, ...moved }
  const names = termNames(approach)

  /** Keeps showing what was chosen until the server has answered. */
  async function settle(term: string) {
    const value = moved[term]
    if (value === undefined || value === approach.weights[term]) return
    await onChange?.({ ...approach.weights, ...moved })
    setMoved(({ [term]: now, ...others }) =>
      now === undefined || now === value ? others : { ...others, [term]: now },
    )
  }

  return (
    <div className={styles.weights}>
      <ul>
        {names.map((term) => {
          const weight = weights[term] ?? 1
          const first = proposed.current[term] ?? 1
          const sign = first < 0 ? -1 : 1
          return (
            <li key={term} className={styles.term}>
              <code className={styles.name}>{term}</code>
              <Slider
                label={`Weight of ${term}`}
                hideLabel
                shown={number(weight)}
                value={Math.abs(weight)}
                disabled={!onChange}
                {...weightRange(first)}
                onChange={(event) =>
                  setMoved({ ...moved, [term]: sign * Number(event.target.value) })
                }
                onPointerUp={() => settle(term)}
                onKeyUp={() => settle(term)}
                onBlur={() => settle(term)}
              />
              <output className={styles.value}>{number(weight)}</output>
              <Pays term={term} pays={approach.pays} largest={largest} />
            </li>
          )
        })}
      </ul>
      {Object.keys(approach.pays).length > 0 && <PaysKey />}
    </div>
  )
}
