import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import type { Metric } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

const SETTLED_MS = 2000 // who looks around shortly presses nothing
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
  label,
  seen = true,
  onOpen,
  children,
}: {
  models: readonly Model[]
  title: string
  /** What the button is called where its words are not seen. */
  label?: string
  /** Whether it is in sight: it may be pressed soon. */
  seen?: boolean
  onOpen?: () => void
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  usePrepared(seen ? models[0]?.model : undefined)
  return (
    <>
      <Button
        size="small"
        look="plain"
        icon="paw"
        aria-label={label}
        onClick={() => {
          setOpen(true)
          onOpen?.()
        }}
      >
        {children}
      </Button>
      <Dialog open={open} wide title={title} onClose={() => setOpen(false)}>
        <Suspense fallback={null}>
          <LiveView policies={models.map((each) => ({ ...each, files: `${each.model}/live` }))} />
        </Suspense>
      </Dialog>
    </>
  )
}

/** The first of a robot takes the server a while: it may begin before somebody presses the button. */
function usePrepared(model: string | undefined): void {
  useEffect(() => {
    if (!model) return
    const soon = setTimeout(() => {
      fetch(`${model}/live/control.json`, { priority: 'low' }).catch(() => {}) // Live will say why
    }, SETTLED_MS)
    return () => clearTimeout(soon)
  }, [model])
}
