import { useEffect, useRef, useState } from 'react'
import type { Approach } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import styles from './clip.module.css'
import type { Player } from './use-player'

/** One video that the clock drives. */
export function Clip({ approach, player }: { approach: Approach; player: Player }) {
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const [broken, setBroken] = useState(false)
  useEffect(() => (video.current ? player.add(video.current) : undefined), [player])

  function full() {
    if (document.fullscreenElement) void document.exitFullscreen()
    else void frame.current?.requestFullscreen?.().catch(() => {})
  }

  return (
    <div ref={frame} className={styles.frame}>
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
  )
}
