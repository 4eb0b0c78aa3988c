import { lazy, Suspense, useState } from 'react'
import { flushSync } from 'react-dom'
import { Dialog } from '@/components/ui/dialog'
import { Icon } from '@/components/ui/icon'
import { Skeleton } from '@/components/ui/skeleton'
import styles from './add-robot.module.css'
import { NOTHING, type SetWay, type Way } from './way'

const Panel = lazy(async () => ({ default: (await import('./panel')).Panel }))

/** A card that opens a panel, in which a robot of one's own is added. What is under way there goes
 * on while it is closed. */
export function AddRobot({
  onTeach,
  onRemoved,
}: {
  onTeach: (id: string) => void
  onRemoved: (id: string) => void
}) {
  const [open, setOpen] = useState(false)
  const [way, setWay] = useState<Way>(NOTHING)
  const under = way.addition !== '' && !way.robot
  return (
    <>
      <button type="button" className={styles.card} onClick={() => setOpen(true)}>
        <span className={styles.sign}>
          <Icon name="plus" size={34} />
        </span>
        <span className={styles.name}>Add your own robot</span>
        <span className={styles.facts}>
          {under ? 'One is on its way' : 'MJCF, URDF, or one of MuJoCo Menagerie'}
        </span>
      </button>
      <RobotDialog
        title={way.robot ? 'What was understood' : 'Add your own robot'}
        {...{ open, way, onTeach, onRemoved }}
        onWay={setWay}
        onClose={() => {
          setOpen(false)
          setWay((way) => (way.robot ? NOTHING : way))
        }}
      />
    </>
  )
}

/** The panel in its dialog. */
export function RobotDialog({
  open,
  title,
  onClose,
  onTeach,
  onRemoved,
  ...rest
}: {
  open: boolean
  title: string
  way: Way
  onWay: SetWay
  onTeach: (id: string) => void
  onRemoved: (id: string) => void
  onClose: () => void
}) {
  function leave(then: (id: string) => void) {
    return (id: string) => {
      flushSync(() => {
        onClose()
        rest.onWay(NOTHING)
      })
      then(id) // what it gives the focus to is no longer behind the dialog
    }
  }

  return (
    <Dialog open={open} title={title} wide onClose={onClose}>
      <Suspense fallback={<Skeleton height="24rem" />}>
        <Panel {...rest} onTeach={leave(onTeach)} onRemoved={leave(onRemoved)} />
      </Suspense>
    </Dialog>
  )
}
