import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { providersQuery } from '@/api/queries'
import type { Approach, Experiment, Source } from '@/api/types'
import { LiveButton } from '@/components/live/live-button'
import { Notice } from '@/components/ui/notice'
import { isActive, wasTrained } from '@/lib/approaches'
import { classes } from '@/lib/classes'
import { reducedMotion } from '@/lib/motion'
import { Clip } from './clip'
import styles from './comparison.module.css'
import { Curves } from './curves'
import { Downloads } from './downloads'
import { useKeys } from './keys'
import { modelsOf, Result } from './result'
import { Transport } from './transport'
import { useFit } from './use-fit'
import { usePlayer } from './use-player'

/** All clips in lockstep, at once, with what the judge says of each; then their curves. */
export function Comparison({
  source,
  experiment,
  hues,
  winner,
  vote,
  improve,
}: {
  source: Source
  experiment: Experiment
  hues: Record<string, number>
  winner: (approach: Approach) => ReactNode
  vote: (approach: Approach) => ReactNode
  improve: (approach: Approach) => ReactNode
}) {
  const [params, setParams] = useSearchParams()
  const [start] = useState(() => placeOf(params.get('t')))
  const together = useRef<HTMLDivElement>(null)
  const shown = byProvider(experiment.approaches.filter((a) => a.files.clip))
  const titles = useTitles(shown)
  const models = shown.flatMap(modelsOf)
  const { columns, tile } = useFit(shown.length, together)

  function rest(time: number | null) {
    setParams(
      (old) => {
        if (time === null) old.delete('t')
        else old.set('t', time.toFixed(2))
        return old
      },
      { replace: true, preventScrollReset: true },
    )
  }

  const { player, displays, playing, loop, rate } = usePlayer(
    start ?? 0,
    start === null && !reducedMotion(),
    rest,
  )
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
        <div className={styles.clips} style={{ '--columns': columns, '--tile': `${tile}px` }}>
          {shown.map((a) => (
            <Clip
              key={a.files.clip}
              approach={a}
              hue={hues[a.id] ?? 0}
              provider={titles(a)}
              player={player}
              mark={winner(a)}
            />
          ))}
        </div>
        <Transport {...{ player, displays, playing, loop, rate }} onFull={full}>
          {models.length > 1 && (
            <LiveButton
              models={models}
              title="All of them, live"
              label="All live"
              onOpen={() => playing && player.toggle()}
            >
              <span className={styles.word}>All live</span>
            </LiveButton>
          )}
        </Transport>
      </div>
      <div className={classes(styles.results, styles[`of${shown.length}`])}>
        {shown.map((a) => (
          <Result
            key={a.id}
            approach={a}
            hue={hues[a.id] ?? 0}
            provider={titles(a)}
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
      <Downloads source={source} experiment={experiment} />
      <Curves approaches={shown} hues={hues} titles={titles} />
    </section>
  )
}

/** Trained, and yet there is nothing to compare. */
const missing = (a: Approach) => wasTrained(a) && !isActive(a) && !a.files.clip

/** The place in the clips that an address asks for, s. */
function placeOf(asked: string | null): number | null {
  return asked === null ? null : Math.max(0, Number(asked) || 0)
}

/** Those of one provider beside each other, else as they came. */
function byProvider(approaches: readonly Approach[]): Approach[] {
  const order = [...new Set(approaches.map((a) => a.provider))]
  return approaches.toSorted((a, b) => order.indexOf(a.provider) - order.indexOf(b.provider))
}

/** The provider's title of an approach, where more than one took part. */
function useTitles(approaches: readonly Approach[]): (approach: Approach) => string {
  const several = new Set(approaches.map((a) => a.provider)).size > 1
  const { data = [] } = useQuery({ ...providersQuery, enabled: several, throwOnError: false })
  return ({ provider }) =>
    several ? (data.find((p) => p.name === provider)?.title ?? provider) : ''
}
