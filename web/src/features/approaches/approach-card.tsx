import { memo, useState } from 'react'
import { useEdit } from '@/api/actions'
import type { Approach } from '@/api/types'
import { Lineage } from '@/components/lineage/lineage'
import { Button } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { ProblemNotice } from '@/components/ui/notice'
import { StatusChip } from '@/components/ui/status'
import { canTrain, isActive } from '@/lib/approaches'
import { classes } from '@/lib/classes'
import styles from './approach-card.module.css'
import { Findings } from './findings'
import { Provenance } from './provenance'
import { SourceEditor } from './source-editor'
import { Weights } from './weights'

/** One way to teach the sentence: what it rewards, and how much. */
export const ApproachCard = memo(function ApproachCard({
  experiment,
  robot,
  approach,
  hue,
  place,
  onTrain,
}: {
  experiment: string | null // null where it can only be read
  robot: string
  approach: Approach
  hue: number
  place: number
  onTrain?: (id: string) => void
}) {
  const [editing, setEditing] = useState(false)
  const edit = useEdit(experiment ?? '')
  const editable = Boolean(experiment) && !isActive(approach)
  return (
    <article
      className={classes(styles.card, editing && styles.editing)}
      data-hue={hue}
      data-approach={approach.id}
      aria-label={approach.name}
    >
      <header className={styles.head}>
        <span className={styles.number} aria-hidden="true">
          {place}
        </span>
        <StatusChip approach={approach} />
      </header>
      <h3>{approach.name}</h3>
      <p className={styles.description}>{approach.description}</p>
      <Provenance approach={approach} />
      {editing && experiment ? (
        <SourceEditor
          experiment={experiment}
          robot={robot}
          approach={approach}
          onClose={() => setEditing(false)}
        />
      ) : (
        <>
          <Lineage approach={approach} open={canTrain(approach)} />
          <Findings findings={approach.findings} />
          <Weights
            approach={approach}
            onChange={
              editable
                ? (weights) => edit.mutateAsync({ approach: approach.id, weights }).catch(() => {})
                : undefined
            }
          />
          <ProblemNotice error={edit.error} title="The weights stay as they were" />
          <details className={styles.code}>
            <summary>Reward code</summary>
            <Code source={approach.source} label={`Code of ${approach.name}`} />
          </details>
        </>
      )}
      {experiment && (
        <footer className={styles.foot}>
          {onTrain && canTrain(approach) && (
            <Button icon="play" onClick={() => onTrain(approach.id)}>
              Train this
            </Button>
          )}
          {!editing && (
            <Button icon="edit" disabled={!editable} onClick={() => setEditing(true)}>
              Edit code
            </Button>
          )}
        </footer>
      )}
    </article>
  )
})
