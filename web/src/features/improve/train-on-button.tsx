import { useContinue } from '@/api/actions'
import type { Approach, Experiment } from '@/api/types'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { isActive } from '@/lib/approaches'

/** One press: what does not do it yet goes on from where it stopped. */
export function TrainOnButton({
  experiment,
  approach,
  onTrained,
}: {
  experiment: Experiment
  approach: Approach
  onTrained: () => void
}) {
  const go = useContinue()
  const toast = useToast()
  const { job_id: job, files, verdict } = approach
  const done = !verdict || verdict === 'pass'
  if (experiment.read_only || !job || !files.policy || done || isActive(approach)) return null
  return (
    <Button
      size="small"
      look="primary"
      icon="play"
      busy={go.isPending}
      onClick={() => go.mutate(job, { onSuccess: onTrained, onError: toast.fail })}
    >
      Train on <span className="visually-hidden">{approach.name}</span>
    </Button>
  )
}
