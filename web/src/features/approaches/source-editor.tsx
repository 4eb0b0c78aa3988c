import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useEdit } from '@/api/actions'
import { robotQuery } from '@/api/queries'
import type { Approach } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { ProblemNotice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { Findings } from './findings'
import styles from './source-editor.module.css'
import { weightsFor } from './terms'
import { useCheck } from './use-check'

const Editor = lazy(() => import('./editor'))

/** Edit an approach's code; the check answers while one types. */
export function SourceEditor({
  experiment,
  robot,
  approach,
  onClose,
}: {
  experiment: string
  robot: string
  approach: Approach
  onClose: () => void
}) {
  const { data: info } = useQuery(robotQuery(robot))
  const [source, setSource] = useState(approach.source)
  const [start] = useState(approach.source)
  const check = useCheck(robot, source, approach.weights)
  const edit = useEdit(experiment)
  const findings = check.data?.findings ?? []

  function save() {
    const weights = weightsFor(source, approach.weights)
    edit.mutate({ approach: approach.id, source, weights }, { onSuccess: onClose })
  }

  return (
    <div className={styles.editor}>
      <Suspense fallback={<Skeleton height="18rem" />}>
        {info ? (
          <Editor
            initial={start}
            vocabulary={info.vocabulary}
            findings={findings}
            onChange={setSource}
          />
        ) : (
          <Skeleton height="18rem" />
        )}
      </Suspense>
      <div className={styles.side}>
        <div role="status" className={styles.state}>
          {check.checking ? (
            <Chip icon="clock">Checking</Chip>
          ) : check.data?.valid ? (
            <Chip tone="pass" icon="check">
              Valid: {check.data.terms.length} terms
            </Chip>
          ) : check.data ? (
            <Chip tone="fail" icon="cross">
              Not valid yet
            </Chip>
          ) : null}
        </div>
        <Findings findings={findings} />
        <ProblemNotice error={check.error ?? edit.error} title="Not checked" />
        <p className={styles.hint}>
          Type <kbd>s.</kbd> to see all that the robot feels. <kbd>Esc</kbd>, then <kbd>Tab</kbd>,
          leaves the editor.
        </p>
        <div className={styles.buttons}>
          <Button
            look="primary"
            size="small"
            icon="check"
            busy={edit.isPending}
            disabled={!check.data?.valid || check.checking || source === approach.source}
            onClick={save}
          >
            Keep this code
          </Button>
          <Button size="small" look="plain" onClick={onClose}>
            Leave it
          </Button>
        </div>
      </div>
    </div>
  )
}
