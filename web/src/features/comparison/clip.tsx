import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Approach } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { VerdictChip } from '@/components/ui/chip'
import styles from './clip.module.css'
import type { Player } from './use-player'

/** One video that the clock drives, with who made it, its name and its verdict upon it. */
export function Clip({
  approach,
  hue,
  provider,
  player,
  mark,
}: {
  approach: Approach
  hue: number
  provider: string // empty where all are of one
  player: Player
  mark: ReactNode // of the winner
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
    <figure ref={figure} className={styles.clip} data-hue={hue} aria-label={approach.name}>
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
      <figcaption className={styles.caption}>
        <h3>{approach.name}</h3>
        {provider && <span className={styles.provider}>{provider}</span>}
      </figcaption>
      <div className={styles.marks}>
        {approach.verdict && <VerdictChip verdict={approach.verdict} />}
        {mark}
      </div>
      <IconButton
        name="full"
        label={`Full screen: ${approach.name}`}
        className={styles.full}
        onClick={full}
      />
    </figure>
  )
}
