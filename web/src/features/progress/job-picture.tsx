import type { Approach } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { Icon } from '@/components/ui/icon'
import { count } from '@/lib/format'
import styles from './job-picture.module.css'

/** The policy so far: its newest clip, or a sign that none is there yet. */
export function JobPicture({ approach }: { approach: Approach }) {
  const { clip, poster, previews } = approach.files
  const preview = previews.at(-1)
  const src = clip ?? preview?.url
  const caption = clip ? 'The finished clip' : preview && `After ${count(preview.step)} steps`
  return (
    <figure className={styles.picture}>
      {src ? (
        <LoopingClip key={src} src={src} poster={clip ? poster : null} />
      ) : (
        <div className={styles.blank}>
          <Icon name="paw" size={44} />
          <span>First clip at a quarter</span>
        </div>
      )}
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  )
}
