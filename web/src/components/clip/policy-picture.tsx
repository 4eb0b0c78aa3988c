import { useQuery } from '@tanstack/react-query'
import { robotQuery } from '@/api/queries'
import type { Approach } from '@/api/types'
import { count } from '@/lib/format'
import { reducedMotion } from '@/lib/motion'
import { useHover } from '@/lib/use-hover'
import { useSeen } from '@/lib/use-seen'
import { LoopingClip } from './looping-clip'
import styles from './policy-picture.module.css'

/** What an approach's policy does by now; until it does anything, the robot as it was before. */
export function PolicyPicture({
  approach,
  robot,
  captioned,
}: {
  approach: Approach
  robot: string
  captioned?: boolean
}) {
  const { data: info } = useQuery(robotQuery(robot))
  const { hovered, handlers } = useHover()
  const { ref, seen } = useSeen<HTMLElement>()
  const { clip, poster, previews } = approach.files
  const preview = previews.at(-1)
  const src = clip ?? preview?.url ?? info?.base?.clip ?? info?.preview
  const still = clip ? poster : info?.thumbnail
  return (
    <figure ref={ref} className={styles.picture} {...handlers}>
      {still && <img src={still} alt="" width={640} height={480} />}
      {src && (reducedMotion() ? hovered : seen) && <LoopingClip key={src} src={src} />}
      {captioned && <figcaption>{caption()}</figcaption>}
    </figure>
  )

  function caption(): string {
    if (clip) return 'The finished clip'
    return preview ? `After ${count(preview.step)} steps` : 'Before training'
  }
}
