import { useState } from 'react'
import type { Approach } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { Slider } from '@/components/ui/slider'
import { number } from '@/lib/format'
import { TermMeans, TermMeansKey } from './term-means'
import { largestMean, termNames, weightScale } from './terms'
import styles from './weights.module.css'

type Changed = Record<string, number>

/** Each term in words, with a slider for its weight and what it pays. */
export function Weights({
  approach,
  onChange,
}: {
  approach: Approach
  onChange?: (weights: Changed) => Promise<unknown>
}) {
  const [moved, setMoved] = useState<Changed>({})
  const largest = largestMean(approach.term_means)
  const weights = { ...approach.weights, ...moved }
  const scale = weightScale(Object.values(weights))

  /** Keeps showing what was chosen until the server has answered. */
  async function settle(term: string, value = moved[term]) {
    if (value === undefined || value === approach.weights[term]) return
    await onChange?.({ ...approach.weights, ...moved, [term]: value })
    setMoved(({ [term]: now, ...others }) =>
      now === undefined || now === value ? others : { ...others, [term]: now },
    )
  }

  function reset(term: string, value: number) {
    setMoved({ ...moved, [term]: value })
    void settle(term, value)
  }

  return (
    <div className={styles.weights}>
      {Object.keys(approach.term_means).length > 0 && <TermMeansKey means={approach.term_means} />}
      <ul className={styles.terms}>
        {termNames(approach).map((term) => {
          const weight = weights[term] ?? 1
          const proposed = approach.proposed_weights[term] ?? approach.weights[term] ?? 1
          const sign = proposed < 0 ? -1 : 1
          const changed = weight !== proposed
          return (
            <li key={term} className={styles.term}>
              <div className={styles.head}>
                <p className={styles.name}>
                  <code>{term}</code>
                  <span>{approach.meanings[term]}</span>
                </p>
                {onChange && changed && (
                  <IconButton
                    name="undo"
                    size={17}
                    label={`Put the weight of ${term} back to ${number(proposed)}`}
                    className={styles.reset}
                    onClick={() => reset(term, proposed)}
                  />
                )}
              </div>
              <div className={styles.weight}>
                <Slider
                  label={`Weight of ${term}`}
                  hideLabel
                  shown={number(weight)}
                  value={scale.place(weight)}
                  disabled={!onChange}
                  min={0}
                  max={scale.max}
                  onChange={(event) =>
                    setMoved({ ...moved, [term]: sign * scale.weight(Number(event.target.value)) })
                  }
                  onPointerUp={() => settle(term)}
                  onKeyUp={() => settle(term)}
                  onBlur={() => settle(term)}
                />
                <output className={styles.value} data-changed={changed || undefined}>
                  {changed && <s>{number(proposed)}</s>} {number(weight)}
                </output>
              </div>
              <TermMeans term={term} means={approach.term_means} largest={largest} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}
