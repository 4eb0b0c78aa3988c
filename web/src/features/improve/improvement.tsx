import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useImprove } from '@/api/actions'
import { providersQuery } from '@/api/queries'
import type { Approach, Experiment, ImproveRequest } from '@/api/types'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { Child } from './child'
import styles from './improvement.module.css'
import { WishForm } from './wish-form'

/** From what should be different to a child that can be trained. */
export function Improvement({
  experiment,
  approach,
  wish,
  onTrained,
  onClose,
}: {
  experiment: Experiment
  approach: Approach
  wish: string
  onTrained: () => void
  onClose: () => void
}) {
  const { data: providers = [] } = useQuery(providersQuery)
  const improve = useImprove()
  const [before, setBefore] = useState<readonly string[]>([])
  const asked = improve.variables?.provider ?? ''
  const child = improve.isSuccess
    ? experiment.approaches.find(
        (a) => a.origin?.approach === approach.id && !before.includes(a.id),
      )
    : undefined
  const thinking = !child && improve.isSuccess && experiment.proposing.includes(asked)
  const failed = !child && improve.isSuccess && !thinking
  const title = providers.find((p) => p.name === asked)?.title ?? asked

  function send(wish: Omit<ImproveRequest, 'job_id'>) {
    if (!approach.job_id) return
    setBefore(experiment.approaches.map((a) => a.id))
    improve.mutate({ job_id: approach.job_id, ...wish })
  }

  if (child) return <Child {...{ experiment, child, onTrained, onClose }} />
  return (
    <div className={styles.improvement}>
      <WishForm
        experiment={experiment}
        approach={approach}
        providers={providers}
        said={wish}
        busy={improve.isPending || thinking}
        onSend={send}
      />
      <p role="status" className={styles.status}>
        {thinking &&
          `${title} reads the numbers and edits. You can close this; the child will wait.`}
      </p>
      <ProblemNotice error={improve.error} title="It stays as it is" />
      {failed && (
        <Notice
          tone="fail"
          title={`${title} did not edit it`}
          detail={experiment.errors.at(-1) ?? 'Try again, or let another one edit.'}
        />
      )}
    </div>
  )
}
