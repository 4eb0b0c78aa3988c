import { useState } from 'react'
import type { RobotCard } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { RobotDialog } from './add-robot'
import styles from './add-robot.module.css'
import { NOTHING, type Way } from './way'

/** On the card of a robot of one's own: what was understood of it, to correct or to remove it. */
export function AboutRobot({
  robot,
  onTeach,
  onRemoved,
}: {
  robot: RobotCard
  onTeach: (id: string) => void
  onRemoved: (id: string) => void
}) {
  const [way, setWay] = useState<Way>(NOTHING)
  return (
    <div className={styles.about}>
      <IconButton
        name="edit"
        label={`What was understood of ${robot.name}`}
        onClick={() => setWay({ ...NOTHING, robot: robot.id })}
      />
      <RobotDialog
        open={way.robot !== ''}
        title="What was understood"
        way={way}
        onWay={setWay}
        onTeach={onTeach}
        onRemoved={onRemoved}
        onClose={() => setWay(NOTHING)}
      />
    </div>
  )
}
