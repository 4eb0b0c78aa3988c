import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { useTrain } from '@/api/actions'
import { providersQuery } from '@/api/queries'
import type { Experiment } from '@/api/types'
import { Skeleton } from '@/components/ui/skeleton'
import { TabPanel, Tabs } from '@/components/ui/tabs'
import { useToast } from '@/components/ui/toast'
import { providersOf } from '@/lib/approaches'
import { ApproachCard } from './approach-card'
import styles from './approaches.module.css'
import { Spent } from './spent'
import { type Budget, TrainBar } from './train-bar'

/** All approaches, by who proposed them. */
export function Approaches({
  experiment,
  hues,
  onTrained,
}: {
  experiment: Experiment
  hues: Record<string, number>
  onTrained?: () => void
}) {
  const { data: known = [] } = useQuery(providersQuery)
  const [params, setParams] = useSearchParams()
  const toast = useToast()
  const train = useTrain()
  const providers = providersOf(experiment)
  const asked = params.get('by')
  const provider = asked && providers.includes(asked) ? asked : (providers[0] ?? 'builtin')
  const shown = experiment.approaches.filter((a) => a.provider === provider)
  const editable = experiment.read_only ? null : experiment.id
  const title = (name: string) => known.find((p) => p.name === name)?.title ?? name

  function start(budget: Budget, approaches?: string[]) {
    train.mutate(
      { experiment: experiment.id, approaches: approaches ?? null, ...budget },
      { onSuccess: onTrained, onError: toast.fail },
    )
  }

  function startOne(id: string) {
    const { preset, steps } = experiment
    start(preset ? { preset } : { steps: steps ?? 500_000 }, [id])
  }

  function show(by: string) {
    setParams(
      (old) => {
        old.set('by', by)
        return old
      },
      { replace: true, preventScrollReset: true },
    )
  }

  const cards = (
    <>
      {Object.entries(experiment.usage).map(
        ([name, usage]) =>
          (name === provider || (!providers.includes(name) && provider === providers[0])) && (
            <Spent key={name} title={title(name)} usage={usage} />
          ),
      )}
      <div className={styles.cards}>
        {shown.map((approach, index) => (
          <ApproachCard
            key={approach.id}
            experiment={editable}
            robot={experiment.robot}
            approach={approach}
            hue={hues[approach.id] ?? 0}
            place={index + 1}
            onTrain={editable ? startOne : undefined}
          />
        ))}
        {experiment.proposing.includes(provider) && <Skeleton height="24rem" />}
      </div>
    </>
  )
  return (
    <>
      {providers.length > 1 ? (
        <>
          <Tabs
            label="Who proposed"
            tabs={providers.map((id) => ({ id, label: title(id) }))}
            value={provider}
            onChange={show}
          />
          <TabPanel id={provider}>{cards}</TabPanel>
        </>
      ) : (
        cards
      )}
      {editable && <TrainBar experiment={experiment} busy={train.isPending} onTrain={start} />}
    </>
  )
}
