import { useSuspenseQuery } from '@tanstack/react-query'
import { memo } from 'react'
import { Link } from 'react-router'
import { libraryQuery } from '@/api/queries'
import type { ExperimentSummary } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { Icon } from '@/components/ui/icon'
import { classes } from '@/lib/classes'
import { reducedMotion } from '@/lib/motion'
import { useHover } from '@/lib/use-hover'
import { useSeen } from '@/lib/use-seen'
import styles from './library-shelf.module.css'

/** Behaviours that were trained in advance: they play as soon as they are seen. */
export const LibraryShelf = memo(function LibraryShelf({
  limit,
  wide,
}: {
  limit?: number
  wide?: boolean
}) {
  const { data: library } = useSuspenseQuery(libraryQuery)
  if (!library.length) {
    return (
      <p className={styles.none}>
        The library is empty in this build. Train something of your own.
      </p>
    )
  }
  return (
    <ul className={classes(styles.shelf, wide && styles.wide)}>
      {library.slice(0, limit).map((item) => (
        <li key={item.share_id}>
          <LibraryCard item={item} />
        </li>
      ))}
    </ul>
  )
})

function LibraryCard({ item }: { item: ExperimentSummary }) {
  const { hovered, handlers } = useHover()
  const { seen, ref } = useSeen<HTMLAnchorElement>()
  const plays = item.clip && (reducedMotion() ? hovered : seen)
  return (
    <Link ref={ref} to={`/s/${item.share_id}`} className={styles.card} {...handlers}>
      <div className={styles.picture}>
        {item.poster && <img src={item.poster} alt="" loading="lazy" width={640} height={480} />}
        {plays && item.clip && <LoopingClip src={item.clip} />}
      </div>
      <div className={styles.text}>
        <h3>“{item.sentence}”</h3>
        <p>
          {item.robot_name}
          <span className={styles.open}>
            Watch {item.approaches.length} side by side <Icon name="right" size={16} />
          </span>
        </p>
      </div>
    </Link>
  )
}
