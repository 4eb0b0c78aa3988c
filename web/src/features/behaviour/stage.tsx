import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { robotQuery, robotsQuery } from '@/api/queries'
import { RobotPicture } from '@/components/robot/picture'
import { Chip } from '@/components/ui/chip'
import { Skeleton } from '@/components/ui/skeleton'
import { reducedMotion } from '@/lib/motion'
import { BasePolicy } from './base-policy'
import styles from './stage.module.css'

/** The chosen robot, large. */
export function Stage({ robot: id, gallery }: { robot: string; gallery: string }) {
  const { data: robots } = useQuery(robotsQuery)
  const { data: info } = useQuery(robotQuery(id))
  const [walking, setWalking] = useState(false)
  const robot = robots?.find((r) => r.id === id)
  if (!robot) return <Skeleton ratio="4 / 3" />
  const base = info?.base
  const shown = walking && base?.clip ? { ...robot, preview: base.clip } : robot
  return (
    <figure className={styles.stage}>
      <div className={styles.frame}>
        <RobotPicture robot={shown} playing={walking || !reducedMotion()} eager />
      </div>
      <figcaption className={styles.caption}>
        <div className={styles.names}>
          <h2>{robot.name}</h2>
          <span className={styles.chips}>
            <Chip>{robot.type}</Chip>
            <Chip>{robot.dof} joints</Chip>
            {robot.base_policy && (
              <Chip tone="sun" icon="spark">
                Learns fast
              </Chip>
            )}
          </span>
        </div>
        <p>{robot.description}</p>
        {base && <BasePolicy base={base} onToggle={setWalking} />}
        <a href={gallery} className={styles.change}>
          Choose another of {robots?.length} robots
        </a>
      </figcaption>
    </figure>
  )
}
