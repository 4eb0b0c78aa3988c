import { lazy, Suspense, useState } from 'react'
import type { Approach, Experiment } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { isActive } from '@/lib/approaches'

const Improvement = lazy(async () => ({ default: (await import('./improvement')).Improvement }))

/** Opens a panel in which a trained approach is edited and trained on. */
export function ImproveButton({
  experiment,
  approach,
  wish = '',
  onTrained,
}: {
  experiment: Experiment
  approach: Approach
  /** What the person has said already. */
  wish?: string
  onTrained: () => void
}) {
  const [open, setOpen] = useState(false)
  if (experiment.read_only || !approach.files.policy || isActive(approach)) return null
  return (
    <>
      <Button size="small" icon="spark" onClick={() => setOpen(true)}>
        Improve <span className="visually-hidden">{approach.name}</span>
      </Button>
      <Dialog open={open} title={`Improve ${approach.name}`} onClose={() => setOpen(false)}>
        <Suspense fallback={<Skeleton height="16rem" />}>
          <Improvement
            {...{ experiment, approach, wish, onTrained }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      </Dialog>
    </>
  )
}
