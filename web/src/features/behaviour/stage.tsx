import { useQuery } from '@tanstack/react-query'
import { memo, useState } from 'react'
import { Link } from 'react-router'
import { robotQuery, robotsQuery } from '@/api/queries'
import type { ExperimentSummary } from '@/api/types'
import { RobotPicture } from '@/components/robot/picture'
import { Chip } from '@/components/ui/chip'
import { Icon } from '@/components/ui/icon'
import { Skeleton } from '@/components/ui/skeleton'
import { reducedMotion } from '@/lib/motion'
import { BasePolicy } from './base-policy'
import styles from './stage.module.css'

/** The chosen robot, large: what it has learned before, or else how it moves. */
export const Stage = memo(function Stage({
  robot: id,
  behaviour,
  gallery,
}: {
  robot: string
  /** Undefined until it is known whether there is one. */
  behaviour: ExperimentSummary | null | undefined
  gallery: string
}) {
  const { data: robots } = useQuery(robotsQuery)
  const { data: info } = useQuery(robotQuery(id))
  const [walking, setWalking] = useState(false)
  const robot = robots?.find((r) => r.id === id)
  if (!robot || behaviour === undefined) return <Skeleton ratio="4 / 3" />
  const base = info?.base
  const shown = walking ? null : behaviour
  const picture = {
    ...robot,
    thumbnail: shown?.poster ?? robot.thumbnail,
    preview: shown?.clip ?? (walking ? base?.clip : null) ?? robot.preview,
  }
  return (
    <figure className={styles.stage}>
      <div className={styles.frame}>
        <RobotPicture
          key={picture.thumbnail}
          robot={picture}
          playing={walking || !reducedMotion()}
          eager
        />
      </div>
      <figcaption className={styles.caption}>
        {shown && (
          <p className={styles.said}>
            <q>{shown.sentence}</q>
            <Link to={`/s/${shown.share_id}`}>
              Watch {shown.approaches.length} ways <Icon name="right" size={16} />
            </Link>
          </p>
        )}
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
        <p>
          {robot.description}
          {robot.maker && ` Built by ${robot.maker}.`}
        </p>
        {base && <BasePolicy base={base} onToggle={setWalking} />}
        <a href={gallery} className={styles.change}>
          Choose another of {robots?.length} robots
        </a>
      </figcaption>
    </figure>
  )
})
