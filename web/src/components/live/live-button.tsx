import { lazy, Suspense, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

const LiveView = lazy(() => import('./live-view').then((room) => ({ default: room.LiveView })))

/** Opens a policy as a robot that runs in the page; nothing of it is loaded before. */
export function LiveButton({ files, of }: { files: string; of: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" look="plain" icon="paw" onClick={() => setOpen(true)}>
        Live <span className="visually-hidden">{of}</span>
      </Button>
      <Dialog open={open} wide title={`${of}, live`} onClose={() => setOpen(false)}>
        <Suspense fallback={null}>
          <LiveView files={files} />
        </Suspense>
      </Dialog>
    </>
  )
}
