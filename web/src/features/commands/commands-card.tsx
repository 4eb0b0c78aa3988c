import type { Commands } from '@/api/types'
import { Chip, VerdictChip } from '@/components/ui/chip'
import { Clamped } from '@/components/ui/clamped'
import { Notice } from '@/components/ui/notice'
import { ProgressBar } from '@/components/ui/progress-bar'
import { Numbers } from '@/components/verdict/numbers'
import styles from './commands-card.module.css'

/** What the base policy does as it is told: an approach that needs no training. */
export function CommandsCard({ commands }: { commands: Commands }) {
  const { name, clip, error, metric, verdict } = commands
  return (
    <article className={styles.card} aria-label={`From commands: ${name}`}>
      <div className={styles.frame}>
        {clip ? (
          <video
            key={clip}
            src={clip}
            poster={commands.poster ?? undefined}
            controls
            loop
            muted
            playsInline
            preload="auto"
            aria-label={`Clip of ${name}`}
            className={styles.video}
          />
        ) : (
          <Waiting commands={commands} />
        )}
      </div>
      <div className={styles.words}>
        <header className={styles.head}>
          <Chip>From commands · not trained</Chip>
          {verdict && <VerdictChip verdict={verdict} />}
        </header>
        <Clamped as="h2" lines={2}>
          {name}
        </Clamped>
        <Clamped lines={4} className={styles.soft}>
          {commands.description}
        </Clamped>
        <p className={styles.soft}>
          The base policy follows these velocity commands. Nothing was learned.
        </p>
        {commands.note && <Notice tone="review" title={commands.note} />}
        {error && (
          <Notice tone="fail" title="There is no clip" detail={`${error.message} ${error.hint}`} />
        )}
        <details open={commands.steps.length <= FEW}>
          <summary>
            {commands.steps.length === 1 ? '1 command' : `${commands.steps.length} commands`}
          </summary>
          <ol className={styles.steps} aria-label="Commands">
            {commands.steps.map((step, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes its order
              <li key={place}>{step}</li>
            ))}
          </ol>
        </details>
        {metric && verdict && <Numbers metric={metric} now={commands.numbers} />}
        {commands.reasons.map((reason) => (
          <p key={reason} className={styles.soft}>
            {reason}
          </p>
        ))}
      </div>
    </article>
  )
}

const FEW = 10

function Waiting({ commands }: { commands: Commands }) {
  if (commands.status !== 'proposed' && commands.status !== 'rendering')
    return <p className={styles.waiting}>No clip</p>
  return (
    <div className={styles.waiting}>
      <p>Drawing the clip</p>
      <ProgressBar label="Drawing the clip" value={commands.progress} />
    </div>
  )
}
