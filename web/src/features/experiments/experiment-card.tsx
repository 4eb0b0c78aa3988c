import { Link } from 'react-router'
import type { ExperimentSummary } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { Logo } from '@/components/ui/logo'
import { StatusChip } from '@/components/ui/status'
import { ago, sentenceCase } from '@/lib/format'
import { useHover } from '@/lib/use-hover'
import { DeleteButton } from './delete-button'
import { DuplicateButton } from './duplicate-button'
import styles from './experiment-card.module.css'

/** An experiment in the list. */
export function ExperimentCard({ item }: { item: ExperimentSummary }) {
  const { hovered, handlers } = useHover()
  const id = item.id ?? ''
  return (
    <article className={styles.card} {...handlers}>
      <div className={styles.picture}>
        {item.poster ? <img src={item.poster} alt="" loading="lazy" /> : <Logo size={64} />}
        {hovered && item.clip && <LoopingClip src={item.clip} />}
      </div>
      <div className={styles.text}>
        <h2>
          <Link to={`/experiments/${id}`} className={styles.link}>
            “{item.sentence}”
          </Link>
        </h2>
        <p className={styles.facts}>
          {item.robot_name} · {sentenceCase(item.status)} · {ago(item.created)}
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
          <DuplicateButton id={id} />
          <DeleteButton id={id} sentence={item.sentence} />
        </footer>
      </div>
    </article>
  )
}
