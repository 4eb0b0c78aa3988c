import { memo, type ReactNode } from 'react'
import { Link } from 'react-router'
import type { ExploreItem } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { LiveButton } from '@/components/live/live-button'
import { Chip, VerdictChip } from '@/components/ui/chip'
import { Icon, type IconName } from '@/components/ui/icon'
import { ago } from '@/lib/format'
import { reducedMotion } from '@/lib/motion'
import { useHover } from '@/lib/use-hover'
import { useSeen } from '@/lib/use-seen'
import { useTurn } from '@/lib/use-turn'
import { CardMenu } from './card-menu'
import styles from './explore.module.css'

/** Something that somebody taught: it moves when it is seen and has its turn. */
export const ExploreCard = memo(function ExploreCard({
  item,
  fork,
}: {
  item: ExploreItem
  fork: (share: string, sentence: string) => ReactNode
}) {
  const { hovered, handlers } = useHover()
  const { seen, ref } = useSeen<HTMLElement>()
  const plays = useTurn(hovered || (seen && !reducedMotion()), hovered)
  const share = item.share_id ?? ''
  return (
    <article ref={ref} className={styles.card} {...handlers}>
      <div className={styles.picture}>
        {item.poster && <img src={item.poster} alt="" loading="lazy" width={640} height={480} />}
        {plays && item.clip && <LoopingClip src={item.clip} />}
        <span className={styles.verdict}>
          <VerdictChip verdict={item.verdict} />
        </span>
      </div>
      <div className={styles.text}>
        <h2>
          <Link to={`/s/${share}`} className={styles.link}>
            “{item.sentence}”
          </Link>
        </h2>
        <p className={styles.facts}>
          {[item.robot_name, whose(item), item.library !== 'shipped' && ago(item.shown)]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Origin item={item} />
      </div>
      <footer className={styles.foot}>
        <Count icon="heart" count={item.votes} one="vote" many="votes" />
        <Count icon="fork" count={item.forks} one="fork" many="forks" />
        {(item.library === 'added' || item.library === 'copied') && (
          <Chip icon="spark">In the library</Chip>
        )}
        <span className={styles.does}>
          {item.model && (
            <LiveButton
              models={[{ name: item.sentence, model: item.model, metric: null }]}
              title={`“${item.sentence}”, live`}
              label={`Live: ${item.sentence}`}
              seen={hovered}
            >
              Live
            </LiveButton>
          )}
          {fork(share, item.sentence)}
          <CardMenu item={item} />
        </span>
      </footer>
    </article>
  )
})

/** Whose it is, in words. */
function whose(item: ExploreItem): string {
  if (item.mine) return 'yours'
  if (item.library === 'shipped') return 'came with TabRL'
  return item.by && `by ${item.by}`
}

function Origin({ item }: { item: ExploreItem }) {
  const from = item.made_from
  if (!from) return null
  const title = from.title ? `“${from.title}”` : 'something that was shared'
  return (
    <p className={styles.from}>
      <Icon name="fork" size={15} />
      <Link to={`/s/${from.share_id}`}>
        {from.by ? `from ${from.by}’s ${title}` : `from ${title}`}
      </Link>
    </p>
  )
}

function Count({
  icon,
  count,
  one,
  many,
}: {
  icon: IconName
  count: number
  one: string
  many: string
}) {
  if (!count) return null
  return (
    <span className={styles.number}>
      <Icon name={icon} size={16} />
      {count}
      <span className="visually-hidden"> {count === 1 ? one : many}</span>
    </span>
  )
}
