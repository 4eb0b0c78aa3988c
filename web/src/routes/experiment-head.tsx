import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Connection } from '@/api/socket'
import type { Experiment } from '@/api/types'
import { Chip } from '@/components/ui/chip'
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
      <div className={styles.facts}>
        <Chip>{experiment.robot_name}</Chip>
        {experiment.read_only && <Chip icon="eye">Shared, read-only</Chip>}
        {parent && (
          <Chip icon={parent.how === 'duplicate' ? 'copy' : 'fork'}>
            <Parent {...parent} />
          </Chip>
        )}
        {used.requests > 0 && (
          <Chip icon="spark">
            <span title={`Language models: ${spent(used)}`}>{inShort(used)}</span>
          </Chip>
        )}
        <span className={styles.age}>{ago(experiment.created)}</span>
        {connection === 'lost' && (
          <Chip tone="review" icon="warning">
            Connection lost, trying again
          </Chip>
        )}
        <div className={styles.actions}>{actions}</div>
      </div>
      <h1>“{experiment.sentence}”</h1>
      {experiment.note && <p className={styles.note}>{experiment.note}</p>}
      {experiment.errors.map((error) => (
        <p key={error} className={styles.error}>
          {error}
        </p>
      ))}
    </header>
  )
}

const HOW = { duplicate: 'Copied', fork: 'Forked', improve: 'Improved' }

/** Where an experiment comes from; a link where one may go there. */
function Parent({ how, id, share_id }: NonNullable<Experiment['parent']>) {
  if (share_id) return <Link to={`/s/${share_id}`}>{HOW[how]}</Link>
  return id ? <Link to={`/experiments/${id}`}>{HOW[how]}</Link> : HOW[how]
}
