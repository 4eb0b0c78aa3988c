import { type ReactNode, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Approach, Experiment } from '@/api/types'
import { Notice } from '@/components/ui/notice'
import { isActive, wasTrained } from '@/lib/approaches'
import { classes } from '@/lib/classes'
import { Clip } from './clip'
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
  improve,
}: {
  experiment: Experiment
  hues: Record<string, number>
  vote: (approach: Approach) => ReactNode
  improve: (approach: Approach) => ReactNode
}) {
  const [params, setParams] = useSearchParams()
  const [start] = useState(() => Math.max(0, Number(params.get('t')) || 0))
  const together = useRef<HTMLDivElement>(null)
  const shown = experiment.approaches.filter((a) => a.files.clip)
  const grid = classes(styles.clips, shown.length > 4 ? styles.many : styles[`of${shown.length}`])

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
    else void together.current?.requestFullscreen?.().catch(() => {})
  }

  return (
    <section
      ref={displays.root}
      className={styles.comparison}
      aria-label="Comparison"
      data-playing={playing}
    >
      <div ref={together} className={styles.together}>
        <div className={grid}>
          {shown.map((a) => (
            <Clip key={a.files.clip} approach={a} hue={hues[a.id] ?? 0} player={player} />
          ))}
        </div>
        <Transport {...{ player, displays, playing, loop, rate }} onFull={full} />
      </div>
      <div className={grid}>
        {shown.map((a) => (
          <Result
            key={a.id}
            approach={a}
            hue={hues[a.id] ?? 0}
            named={shown.length > 3}
            vote={vote(a)}
            improve={improve(a)}
          />
        ))}
      </div>
      {experiment.approaches.filter(missing).map((a) => (
        <Notice
          key={a.id}
          tone={a.status === 'failed' ? 'fail' : 'review'}
          title={`${a.name} has no clip: it ${a.status === 'failed' ? 'failed' : `was ${a.status}`}.`}
          detail={a.error?.message}
        />
      ))}
      <Downloads experiment={experiment} />
      <Curves approaches={shown} hues={hues} />
    </section>
  )
}

/** Trained, and yet there is nothing to compare. */
const missing = (a: Approach) => wasTrained(a) && !isActive(a) && !a.files.clip
