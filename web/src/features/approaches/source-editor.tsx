import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useEdit } from '@/api/actions'
import { robotQuery } from '@/api/queries'
import type { Approach } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Dialog } from '@/components/ui/dialog'
import { ProblemNotice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { draftOf, keepDraft } from './drafts'
import { Findings } from './findings'
import styles from './source-editor.module.css'
import { weightsFor } from './terms'
import { useCheck } from './use-check'

const Editor = lazy(() => import('./editor'))

type Props = { experiment: string; robot: string; approach: Approach; onClose: () => void }

/** Edit an approach's code over the page; what is not kept waits there as a draft. */
export function SourceEditor({ open, ...props }: Props & { open: boolean }) {
  return (
    <Dialog wide open={open} title={`Code of ${props.approach.name}`} onClose={props.onClose}>
      <Source {...props} />
    </Dialog>
  )
}

/** The check answers while one types. */
function Source({ experiment, robot, approach, onClose }: Props) {
  const { data: info } = useQuery(robotQuery(robot))
  const [start] = useState(() => draftOf(experiment, approach) ?? approach.source)
  const [source, setSource] = useState(start)
  const check = useCheck(robot, source, approach.weights)
  const edit = useEdit(experiment)
  const findings = check.data?.findings ?? []
  const changed = source !== approach.source

  function change(typed: string) {
    setSource(typed)
    keepDraft(experiment, approach, typed)
  }

  function discard() {
    keepDraft(experiment, approach, approach.source)
    onClose()
  }

  function save() {
    const weights = weightsFor(source, approach.weights)
    edit.mutate({ approach: approach.id, source, weights }, { onSuccess: discard })
  }

  return (
    <div className={styles.editor}>
      <Suspense fallback={<Skeleton height="18rem" />}>
        {info ? (
          <Editor
            initial={start}
            vocabulary={info.vocabulary}
            findings={findings}
            onChange={change}
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
              {valid(check.data.terms.length)}
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
            disabled={!check.data?.valid || check.checking || !changed}
            onClick={save}
          >
            Keep this code
          </Button>
          {changed && (
            <Button size="small" look="plain" onClick={discard}>
              Discard changes
            </Button>
          )}
        </div>
        {changed && <p className={styles.hint}>Close it, and your draft waits here.</p>}
      </div>
    </div>
  )
}

const valid = (terms: number) => `Valid: ${terms} ${terms === 1 ? 'term' : 'terms'}`
