import type { ReactNode } from 'react'
import type { Approach } from '@/api/types'
import { Lineage } from '@/components/lineage/lineage'
import { LiveButton, type Model } from '@/components/live/live-button'
import { Numbers } from '@/components/verdict/numbers'
import { Reasons } from '@/components/verdict/reasons'
import { Robustness } from '@/components/verdict/robustness'
import { latestNumbers } from '@/lib/curves'
import styles from './result.module.css'
import { TakeHome } from './take-home'
import { Versions } from './versions'

/** What the judge says of an approach, and what can be taken home of it. */
export function Result({
  approach,
  hue,
  provider,
  vote,
  improve,
}: {
  approach: Approach
  hue: number
  provider: string
  vote: ReactNode
  improve: ReactNode
}) {
  const models = modelsOf(approach)
  return (
    <article className={styles.result} data-hue={hue} aria-label={`Verdict on ${approach.name}`}>
      <h3>
        {approach.name}
        {provider && <small> {provider}</small>}
      </h3>
      <Reasons approach={approach} />
      <div className={styles.next}>
        {improve}
        {vote}
      </div>
      <Versions approach={approach} />
      <p className={styles.description}>{approach.description}</p>
      <Lineage approach={approach} />
      {approach.metric && (
        <Numbers
          metric={approach.metric}
          now={latestNumbers(approach)}
          base={approach.numbers.base}
        />
      )}
      <Robustness robustness={approach.robustness} />
      <footer className={styles.foot}>
        {models.length > 0 && (
          <LiveButton models={models} title={`${approach.name}, live`}>
            Live <span className="visually-hidden">{approach.name}</span>
          </LiveButton>
        )}
        <TakeHome approach={approach} />
      </footer>
    </article>
  )
}

/** The policy of an approach that has one, as what plays live. */
export const modelsOf = ({ name, metric, files: { model } }: Approach): Model[] =>
  model ? [{ name, model, metric }] : []
