import { useState } from 'react'
import type { RobotCard } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { RobotGlyph } from './glyph'
import styles from './picture.module.css'

/** A robot's picture, and its clip over it while `playing`. */
export function RobotPicture({
  robot,
  playing,
  eager,
}: {
  robot: RobotCard
  playing: boolean
  eager?: boolean
}) {
  const [missing, setMissing] = useState(false)
  return (
    <div className={styles.picture}>
      {missing ? (
        <RobotGlyph type={robot.type} />
      ) : (
        <img
          src={robot.thumbnail}
          alt=""
          width={640}
          height={480}
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          onError={() => setMissing(true)}
        />
      )}
      {playing && robot.preview && <LoopingClip src={robot.preview} />}
    </div>
  )
}
