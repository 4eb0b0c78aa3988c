import { useEffect, useRef, useState } from 'react'
import type { Approach } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { VerdictChip } from '@/components/ui/chip'
import styles from './clip.module.css'
import type { Player } from './use-player'

/** One video that the clock drives, with its name and verdict. */
export function Clip({
  approach,
  hue,
  player,
}: {
  approach: Approach
  hue: number
  player: Player
}) {
  const figure = useRef<HTMLElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const [broken, setBroken] = useState(false)
  useEffect(() => (video.current ? player.add(video.current) : undefined), [player])

  function full() {
    if (document.fullscreenElement === figure.current) void document.exitFullscreen()
    else void figure.current?.requestFullscreen?.().catch(() => {})
  }

  return (
    <figure ref={figure} className={styles.clip} data-hue={hue}>
      <div className={styles.frame}>
        <video
          ref={video}
          src={approach.files.clip ?? undefined}
          poster={approach.files.poster ?? undefined}
          muted
          playsInline
          preload="auto"
          aria-label={`Clip of ${approach.name}`}
          className={styles.video}
          onClick={player.toggle}
          onError={() => setBroken(true)}
        />
        {broken && <p className={styles.broken}>This clip cannot be played here.</p>}
        <IconButton
          name="full"
          label={`Full screen: ${approach.name}`}
          className={styles.full}
          onClick={full}
        />
      </div>
      <figcaption className={styles.caption}>
        <h3>{approach.name}</h3>
        {approach.verdict && <VerdictChip verdict={approach.verdict} />}
      </figcaption>
    </figure>
  )
}
