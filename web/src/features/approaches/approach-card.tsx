import { memo, useState } from 'react'
import { useEdit } from '@/api/actions'
import type { Approach } from '@/api/types'
import { PolicyPicture } from '@/components/clip/policy-picture'
import { Lineage } from '@/components/lineage/lineage'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Clamped } from '@/components/ui/clamped'
import { Code } from '@/components/ui/code'
import { Drawer } from '@/components/ui/drawer'
import { ProblemNotice } from '@/components/ui/notice'
import { StatusChip } from '@/components/ui/status'
import { canTrain, isActive } from '@/lib/approaches'
import styles from './approach-card.module.css'
import { draftOf } from './drafts'
import { Findings } from './findings'
import { Provenance } from './provenance'
import { SourceEditor } from './source-editor'
import { Weights } from './weights'

/** One way to teach the sentence; what it rewards, and how much, for those who tune it. */
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
  const draft = experiment && draftOf(experiment, approach)
  return (
    <article
      className={styles.card}
      data-hue={hue}
      data-approach={approach.id}
      aria-label={approach.name}
    >
      <header className={styles.head}>
        <div className={styles.picture}>
          <PolicyPicture approach={approach} robot={robot} />
        </div>
        <div className={styles.title}>
          <span className={styles.chips}>
            <span className={styles.number} aria-hidden="true">
              {place}
            </span>
            <StatusChip approach={approach} />
          </span>
          <h2>{approach.name}</h2>
        </div>
      </header>
      <Clamped lines={3} className={styles.description}>
        {approach.description}
      </Clamped>
      <Provenance approach={approach} />
      <Lineage approach={approach} open={canTrain(approach)} />
      <Findings findings={approach.findings} />
      <ProblemNotice error={edit.error} title="The weights stay as they were" />
      <footer className={styles.foot}>
        <Drawer title="Tune">
          <div className={styles.tune}>
            <Weights
              approach={approach}
              onChange={
                editable
                  ? (weights) =>
                      edit.mutateAsync({ approach: approach.id, weights }).catch(() => {})
                  : undefined
              }
            />
            <details className={styles.code}>
              <summary>Reward code</summary>
              <Code source={approach.source} label={`Code of ${approach.name}`} />
            </details>
            {experiment && (
              <span className={styles.edit}>
                <Button
                  size="small"
                  icon="edit"
                  disabled={!editable}
                  onClick={() => setEditing(true)}
                >
                  Edit code
                </Button>
                {draft && <Chip tone="review">Draft, not kept yet</Chip>}
              </span>
            )}
          </div>
        </Drawer>
        {onTrain && canTrain(approach) && (
          <Button
            size="small"
            icon="play"
            className={styles.train}
            onClick={() => onTrain(approach.id)}
          >
            Train this
          </Button>
        )}
      </footer>
      {experiment && (
        <SourceEditor
          open={editing}
          experiment={experiment}
          robot={robot}
          approach={approach}
          onClose={() => setEditing(false)}
        />
      )}
    </article>
  )
})
