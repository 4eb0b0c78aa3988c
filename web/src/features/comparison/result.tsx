import type { ReactNode } from 'react'
import type { Approach } from '@/api/types'
import { FileLink } from '@/components/ui/button'
import { VerdictChip } from '@/components/ui/chip'
import { Numbers } from '@/components/verdict/numbers'
import { latestNumbers } from '@/lib/curves'
import { Clip } from './clip'
import styles from './result.module.css'
import type { Player } from './use-player'

/** A clip with what the judge says of it. */
export function Result({
  approach,
  hue,
  player,
  vote,
}: {
  approach: Approach
  hue: number
  player: Player
  vote: ReactNode
}) {
  const { files } = approach
  return (
    <article className={styles.result} data-hue={hue} aria-label={approach.name}>
      <Clip approach={approach} player={player} />
      <div className={styles.text}>
        <header className={styles.head}>
          <h3>{approach.name}</h3>
          {approach.verdict && <VerdictChip verdict={approach.verdict} />}
        </header>
        <p className={styles.description}>{approach.description}</p>
        {approach.metric && (
          <details className={styles.numbers} open>
            <summary>The judge’s numbers</summary>
            <Numbers
              metric={approach.metric}
              now={latestNumbers(approach)}
              base={approach.numbers.base}
            />
          </details>
        )}
        {approach.reasons.map((reason) => (
          <p key={reason} className={styles.reason}>
            {reason}
          </p>
        ))}
        <footer className={styles.foot}>
          {vote}
          {files.clip && (
            <FileLink
              size="small"
              look="plain"
              icon="download"
              href={files.clip}
              download={`${approach.id}.mp4`}
            >
              Clip
            </FileLink>
          )}
          {files.policy && (
            <FileLink size="small" look="plain" icon="download" href={files.policy} download>
              Policy
            </FileLink>
          )}
          {files.trajectory && (
            <FileLink size="small" look="plain" icon="download" href={files.trajectory} download>
              Trajectory
            </FileLink>
          )}
        </footer>
      </div>
    </article>
  )
}
