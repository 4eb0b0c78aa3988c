import type { ReactNode } from 'react'
import { IconButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import slider from '@/components/ui/slider.module.css'
import { SpeedMenu } from '@/components/ui/speed-menu'
import { FRAME_S } from './clock'
import styles from './transport.module.css'
import type { Displays, Player } from './use-player'

/** The controls of all clips together. */
export function Transport({
  player,
  displays,
  playing,
  loop,
  rate,
  onFull,
  children,
}: {
  player: Player
  displays: Displays
  playing: boolean
  loop: boolean
  rate: number
  onFull: () => void
  children?: ReactNode
}) {
  return (
    <div className={styles.transport} role="toolbar" aria-label="All clips">
      <button
        type="button"
        className={styles.play}
        aria-label={playing ? 'Pause all' : 'Play all'}
        onClick={player.toggle}
      >
        <Icon name={playing ? 'pause' : 'play'} size={26} />
      </button>
      <input
        ref={displays.scrubber}
        type="range"
        aria-label="Place in the clips"
        min={0}
        max={10}
        step={FRAME_S}
        defaultValue={0}
        className={`${slider.range} ${styles.scrubber}`}
        onChange={(event) => player.seek(Number(event.target.value))}
      />
      <span ref={displays.readout} className={styles.readout} data-testid="clip-time">
        0:00.00
      </span>
      <div className={styles.buttons}>
        <IconButton name="reset" label="Back to the start (0)" onClick={() => player.seek(0)} />
        <IconButton name="back" label="One frame back (,)" onClick={() => player.step(-1)} />
        <IconButton name="forward" label="One frame on (.)" onClick={() => player.step(1)} />
        <IconButton
          name="loop"
          label="Loop (L)"
          active={loop}
          onClick={() => player.setLoop(!loop)}
        />
        <SpeedMenu value={rate} onChange={player.setRate} />
        <IconButton name="full" label="All clips full screen" onClick={onFull} />
        {children}
      </div>
    </div>
  )
}
