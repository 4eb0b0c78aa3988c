import { memo } from 'react'
import type { RobotCard } from '@/api/types'
import { RobotPicture } from '@/components/robot/picture'
import { Chip } from '@/components/ui/chip'
import { Icon } from '@/components/ui/icon'
import { useHover } from '@/lib/use-hover'
import { CUSTOM } from './filter'
import styles from './robot-button.module.css'

/** A robot to choose: its clip plays under the pointer and the focus. */
export const RobotButton = memo(function RobotButton({
  robot,
  selected,
  eager,
  onSelect,
}: {
  robot: RobotCard
  selected: boolean
  eager: boolean
  onSelect: (id: string) => void
}) {
  const { hovered, handlers } = useHover()
  return (
    <button
      type="button"
      className={styles.card}
      aria-pressed={selected}
      data-robot={robot.id}
      onClick={() => onSelect(robot.id)}
      {...handlers}
    >
      <RobotPicture robot={robot} playing={hovered} eager={eager} />
      {selected && (
        <span className={styles.tick}>
          <Icon name="check" size={18} />
        </span>
      )}
      <span className={styles.text}>
        <span className={styles.name}>{robot.name}</span>
        <span className={styles.facts}>
          {robot.type} · {robot.dof} {robot.dof === 1 ? 'joint' : 'joints'}
        </span>
        {robot.category === CUSTOM && (
          <span className={styles.badge}>
            <Chip icon="heart">Your own</Chip>
          </span>
        )}
        {robot.base_policy && (
          <span className={styles.badge}>
            <Chip tone="sun" icon="spark">
              Learns fast
            </Chip>
          </span>
        )}
      </span>
    </button>
  )
})
