import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { Metric } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

const LiveView = lazy(() => import('./live-view').then((room) => ({ default: room.LiveView })))

export interface Model {
  name: string
  /** The API's URL of a policy. */
  model: string
  metric: Metric | null
}

/** Opens policies of one robot, which run in the page; nothing of it is loaded before. */
export function LiveButton({
  models,
  title,
  onOpen,
  children,
}: {
  models: readonly Model[]
  title: string
  onOpen?: () => void
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="small"
        look="plain"
        icon="paw"
        onClick={() => {
          setOpen(true)
          onOpen?.()
        }}
      >
        {children}
      </Button>
      <Dialog open={open} wide title={title} onClose={() => setOpen(false)}>
        <Suspense fallback={null}>
          <LiveView
            policies={models.map(({ model, ...rest }) => ({ ...rest, files: `${model}/live` }))}
          />
        </Suspense>
      </Dialog>
    </>
  )
}
