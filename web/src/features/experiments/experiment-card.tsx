import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { robotsQuery } from '@/api/queries'
import type { ExperimentSummary } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { RobotPicture } from '@/components/robot/picture'
import { Clamped } from '@/components/ui/clamped'
import { StatusChip } from '@/components/ui/status'
import { ago } from '@/lib/format'
import { useHover } from '@/lib/use-hover'
import styles from './experiment-card.module.css'
import { ExperimentMenu } from './experiment-menu'
import { statusWords } from './statuses'

/** An experiment in the list. */
export function ExperimentCard({ item }: { item: ExperimentSummary }) {
  const { hovered, handlers } = useHover()
  const id = item.id ?? ''
  return (
    <article className={styles.card} {...handlers}>
      <div className={styles.picture}>
        {item.poster ? (
          <>
            <img src={item.poster} alt="" loading="lazy" />
            {hovered && item.clip && <LoopingClip src={item.clip} />}
          </>
        ) : (
          <Robot id={item.robot} playing={hovered} />
        )}
      </div>
      <div className={styles.text}>
        <Clamped as="h2" lines={2}>
          <Link to={`/experiments/${id}`} className={styles.link}>
            “{item.sentence}”
          </Link>
        </Clamped>
        <p className={styles.facts}>
          {item.robot_name} · {statusWords(item.status)} · {ago(item.created)}
        </p>
        <ul className={styles.approaches}>
          {item.approaches.slice(0, 9).map((approach, index) => (
            <li key={approach.id} data-hue={index % 3}>
              <span className={styles.name}>{approach.name}</span>
              <StatusChip approach={approach} />
            </li>
          ))}
        </ul>
        <footer className={styles.foot}>
          <ExperimentMenu id={id} sentence={item.sentence} />
        </footer>
      </div>
    </article>
  )
}

/** The robot itself, for as long as there is no clip of what it learned. */
function Robot({ id, playing }: { id: string; playing: boolean }) {
  const { data: robots } = useQuery(robotsQuery)
  const robot = robots?.find((known) => known.id === id)
  return robot && <RobotPicture robot={robot} playing={playing} />
}
