import { type ReactNode, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Approach, Experiment } from '@/api/types'
import { classes } from '@/lib/classes'
import styles from './comparison.module.css'
import { Curves } from './curves'
import { Downloads } from './downloads'
import { useKeys } from './keys'
import { Result } from './result'
import { Transport } from './transport'
import { usePlayer } from './use-player'

/** All clips in lockstep, their verdicts, their curves. */
export function Comparison({
  experiment,
  hues,
  vote,
}: {
  experiment: Experiment
  hues: Record<string, number>
  vote: (approach: Approach) => ReactNode
}) {
  const [params, setParams] = useSearchParams()
  const [start] = useState(() => Math.max(0, Number(params.get('t')) || 0))
  const clips = useRef<HTMLDivElement>(null)
  const shown = experiment.approaches.filter((a) => a.files.clip)

  function rest(time: number) {
    setParams(
      (old) => {
        old.set('t', time.toFixed(2))
        return old
      },
      { replace: true, preventScrollReset: true },
    )
  }

  const { player, displays, playing, loop, rate } = usePlayer(start, rest)
  useKeys(player, loop)

  function full() {
    if (document.fullscreenElement) void document.exitFullscreen()
    else void clips.current?.requestFullscreen?.().catch(() => {})
  }

  return (
    <section
      ref={displays.root}
      className={styles.comparison}
      aria-label="Comparison"
      data-playing={playing}
    >
      <div ref={clips} className={styles.together}>
        <div className={classes(styles.clips, styles[`of${Math.min(shown.length, 4)}`])}>
          {shown.map((approach) => (
            <Result
              key={approach.files.clip}
              approach={approach}
              hue={hues[approach.id] ?? 0}
              player={player}
              vote={vote(approach)}
            />
          ))}
        </div>
        <Transport {...{ player, displays, playing, loop, rate }} onFull={full} />
      </div>
      <Downloads experiment={experiment} />
      <Curves approaches={shown} hues={hues} />
    </section>
  )
}
