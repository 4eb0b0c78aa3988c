import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Connection } from '@/api/socket'
import type { Experiment } from '@/api/types'
import { ReadAs } from '@/components/reading/read-as'
import { Chip } from '@/components/ui/chip'
import { Clamped } from '@/components/ui/clamped'
import { wasTrained } from '@/lib/approaches'
import { toldAndTook } from '@/lib/estimates'
import { ago } from '@/lib/format'
import { inShort, spent, total } from '@/lib/usage'
import styles from './experiment-head.module.css'

/** The sentence, large, with where it comes from and what can be done with it. */
export function ExperimentHead({
  experiment,
  connection,
  actions,
}: {
  experiment: Experiment
  connection: Connection
  actions: ReactNode
}) {
  const { parent } = experiment
  const used = total(Object.values(experiment.usage))
  return (
    <header className={styles.head}>
      <Clamped as="h1" lines={2} className={styles.sentence}>
        “{experiment.sentence}”
      </Clamped>
      <div className={styles.actions}>{actions}</div>
      {experiment.reading && (
        <div className={styles.reading}>
          <ReadAs reading={experiment.reading} robot={experiment.robot} />
        </div>
      )}
      <div className={styles.facts}>
        <Chip>{experiment.robot_name}</Chip>
        {experiment.read_only && <Chip icon="eye">Shared, read-only</Chip>}
        {experiment.by && <Chip icon="person">Taught by {experiment.by}</Chip>}
        {experiment.licence && <Chip>{experiment.licence}</Chip>}
        {experiment.hidden && (
          <Chip tone="review" icon="eye">
            Hidden by an owner of the studio
          </Chip>
        )}
        {parent && (
          <Chip icon={parent.how === 'duplicate' ? 'copy' : 'fork'}>
            <Parent {...parent} by={experiment.parent_by} />
          </Chip>
        )}
        {used.requests > 0 && (
          <Chip icon="spark">
            <span title={`Language models: ${spent(used)}`}>{inShort(used)}</span>
          </Chip>
        )}
        <span className={styles.age}>{ago(experiment.created)}</span>
        {experiment.status === 'finished' && (
          <span className={styles.age}>{toldAndTook(experiment.estimate, experiment.took_s)}</span>
        )}
        {connection === 'lost' && (
          <Chip tone="review" icon="warning">
            Connection lost, trying again
          </Chip>
        )}
        {experiment.note && (
          <Clamped lines={2} className={styles.note}>
            {experiment.note}
          </Clamped>
        )}
      </div>
      {parent && !experiment.approaches.some(wasTrained) && <Untrained parent={parent} />}
      {experiment.errors.map((error) => (
        <p key={error} className={styles.error}>
          {error}
        </p>
      ))}
    </header>
  )
}

type ParentOf = NonNullable<Experiment['parent']>

const HOW = { duplicate: 'Copied', fork: 'Forked', improve: 'Improved', tune: 'Tuned' }

/** Where a parent can be seen, if one may go there. */
function addressOf({ id, share_id }: ParentOf): string | null {
  if (share_id) return `/s/${share_id}`
  return id ? `/experiments/${id}` : null
}

/** Where an experiment comes from; a link where one may go there. */
function Parent({ by, ...parent }: ParentOf & { by: string }) {
  const address = addressOf(parent)
  const words = by ? `${HOW[parent.how]} from ${by}’s “${parent.title}”` : HOW[parent.how]
  return address ? <Link to={address}>{words}</Link> : words
}

/** What was copied are the approaches, and not what they had learned. */
function Untrained({ parent }: { parent: ParentOf }) {
  const address = addressOf(parent)
  return (
    <p className={styles.note}>
      Nothing is trained here yet. Train these to get your own clips
      {address && (
        <>
          , or watch <Link to={`${address}?view=compare`}>the ones they came from</Link>
        </>
      )}
      .
    </p>
  )
}
