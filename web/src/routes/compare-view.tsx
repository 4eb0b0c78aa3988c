import { lazy } from 'react'
import { useSearchParams } from 'react-router'
import type { Experiment, Source } from '@/api/types'
import { ImproveButton } from '@/features/improve/improve-button'
import { TrainOnButton } from '@/features/improve/train-on-button'
import { VoteButton } from '@/features/sharing/vote-button'
import { WinnerButton } from '@/features/sharing/winner-button'

const Comparison = lazy(async () => ({
  default: (await import('@/features/comparison/comparison')).Comparison,
}))

/** The clips, with what their owner can do next, or what who has the link can. */
export function CompareView({
  source,
  experiment,
  hues,
  onTrained,
}: {
  source: Source
  experiment: Experiment
  hues: Record<string, number>
  onTrained: () => void
}) {
  const wish = useSearchParams()[0].get('wish') ?? ''
  return (
    <Comparison
      source={source}
      experiment={experiment}
      hues={hues}
      winner={(approach) => <WinnerButton {...{ source, experiment, approach }} />}
      vote={(approach) =>
        source.kind === 'shared' && <VoteButton {...{ source, experiment, approach }} />
      }
      improve={(approach) => (
        <>
          <TrainOnButton {...{ experiment, approach, onTrained }} />
          <ImproveButton {...{ experiment, approach, wish, onTrained }} />
        </>
      )}
    />
  )
}
