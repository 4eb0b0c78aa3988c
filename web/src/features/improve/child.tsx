import { useTrain } from '@/api/actions'
import type { Approach, Experiment } from '@/api/types'
import { Lineage } from '@/components/lineage/lineage'
import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { StatusChip } from '@/components/ui/status'
import { canTrain } from '@/lib/approaches'
import styles from './improvement.module.css'

/** The edited approach: what became of its parent, and a way to train it. */
export function Child({
  experiment,
  child,
  onTrained,
  onClose,
}: {
  experiment: Experiment
  child: Approach
  onTrained: () => void
  onClose: () => void
}) {
  const train = useTrain()
  const { preset, steps } = experiment

  function start() {
    const budget = preset ? { preset } : { steps: steps ?? 500_000 }
    train.mutate(
      { experiment: experiment.id, approaches: [child.id], ...budget },
      {
        onSuccess: () => {
          onClose()
          onTrained()
        },
      },
    )
  }

  return (
    <div className={styles.improvement}>
      <header className={styles.head}>
        <h3>{child.name}</h3>
        <StatusChip approach={child} />
      </header>
      <p className={styles.description}>{child.description}</p>
      <Lineage approach={child} open />
      <ProblemNotice error={train.error} title="It does not train yet" />
      <div className={styles.buttons}>
        <Button
          look="primary"
          icon="play"
          busy={train.isPending}
          disabled={!canTrain(child)}
          onClick={start}
        >
          Train on from {child.origin?.name}
        </Button>
        <Button look="plain" onClick={onClose}>
          Later
        </Button>
      </div>
    </div>
  )
}
