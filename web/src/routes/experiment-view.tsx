import { type ReactNode, Suspense } from 'react'
import { useSearchParams } from 'react-router'
import type { Experiment, Source } from '@/api/types'
import { useExperiment } from '@/api/use-experiment'
import { Boundary } from '@/components/ui/boundary'
import { Skeleton } from '@/components/ui/skeleton'
import { type Step, Steps } from '@/components/ui/steps'
import { Approaches } from '@/features/approaches/approaches'
import { CommandsCard } from '@/features/commands/commands-card'
import { ChimeSwitch } from '@/features/progress/chime-switch'
import { Progress } from '@/features/progress/progress'
import { hues as huesOf, isActive, wasTrained } from '@/lib/approaches'
import { useFromTop } from '@/lib/use-from-top'
import { useTitle } from '@/lib/use-title'
import { CompareView } from './compare-view'
import { ExperimentHead } from './experiment-head'
import styles from './experiment-view.module.css'
import { Lost } from './lost'
import { openViews, type View, viewOf } from './views'

/** An experiment from its approaches to its clips, one's own or a shared one. */
export function ExperimentView({
  source,
  actions,
}: {
  source: Source
  actions: (experiment: Experiment) => ReactNode
}) {
  const { data: experiment, error, deleted, connection } = useExperiment(source)
  const [params, setParams] = useSearchParams()
  const view = experiment && viewOf(experiment, params.get('view'))
  useFromTop(view)
  useTitle(experiment ? titleOf(experiment) : 'Experiment')
  if (deleted) return <Lost title="It is gone" detail="This experiment was deleted." />
  if (error) return <Lost title="Nothing here" detail={error.message} />
  if (!experiment || !view) return <Waiting />

  const hues = huesOf(experiment.approaches)

  /** Whatever matters now. */
  const goOn = () => setParams((old) => withView(old, null))

  return (
    <div className={styles.page} data-view={view}>
      <ExperimentHead
        experiment={experiment}
        connection={connection}
        actions={actions(experiment)}
      />
      <div className={styles.views}>
        <Steps label="Steps" steps={steps(experiment, params)} current={view} />
        {experiment.approaches.some(wasTrained) && <ChimeSwitch experiment={experiment} />}
      </div>
      <Boundary key={view} name="This step">
        {view === 'approaches' && (
          <>
            {experiment.commands && <CommandsCard commands={experiment.commands} />}
            <Approaches experiment={experiment} hues={hues} onTrained={goOn} />
          </>
        )}
        {view === 'training' && <Progress experiment={experiment} hues={hues} />}
        {view === 'compare' && (
          <Suspense fallback={<Skeleton height="28rem" />}>
            <CompareView source={source} experiment={experiment} hues={hues} onTrained={goOn} />
          </Suspense>
        )}
      </Boundary>
    </div>
  )
}

function steps(experiment: Experiment, params: URLSearchParams): Step[] {
  const open = openViews(experiment)
  const clips = experiment.approaches.filter((a) => a.files.clip).length
  const active = experiment.approaches.filter(isActive).length
  const to = (view: View) => (open.includes(view) ? { search: `${withView(params, view)}` } : null)
  return [
    {
      id: 'approaches',
      label: 'Approaches',
      count: experiment.approaches.length,
      to: to('approaches'),
    },
    { id: 'training', label: 'Training', count: active, to: to('training') },
    { id: 'compare', label: 'Compare', count: clips, to: to('compare') },
  ]
}

function withView(params: URLSearchParams, view: View | null): URLSearchParams {
  const made = new URLSearchParams(params)
  if (view) made.set('view', view)
  else made.delete('view')
  return made
}

/** How far the trainings are, where one looks for it: in the browser's tab. */
function titleOf({ sentence, approaches }: Experiment): string {
  const active = approaches.filter(isActive)
  if (!active.length) return sentence
  const share = active.reduce((sum, a) => sum + (a.num_steps ? a.step / a.num_steps : 0), 0)
  return `${Math.round((100 * share) / active.length)}% ${sentence}`
}

function Waiting() {
  return (
    <div className={styles.page}>
      <Skeleton height="9rem" />
      <Skeleton height="28rem" />
    </div>
  )
}
