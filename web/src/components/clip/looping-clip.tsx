import { useEffect, useRef, useState } from 'react'
import styles from './looping-clip.module.css'

/** A silent clip that plays round and round, and shows itself once it has a picture. */
export function LoopingClip({ src, poster }: { src: string; poster?: string | null }) {
  const video = useRef<HTMLVideoElement>(null)
  const [shown, setShown] = useState(Boolean(poster))
  useEffect(() => {
    video.current?.play().catch(() => {}) // a browser that saves power may refuse
  }, [])
  return (
    <video
      ref={video}
      key={src}
      src={src}
      poster={poster ?? undefined}
      muted
      loop
      playsInline
      autoPlay
      preload="auto"
      tabIndex={-1}
      aria-hidden="true"
      className={styles.clip}
      data-shown={shown}
      onPlaying={() => setShown(true)}
    />
  )
}
