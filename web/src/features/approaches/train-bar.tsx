import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { plansQuery } from '@/api/queries'
import type { Experiment, Preset } from '@/api/types'
import { Button } from '@/components/ui/button'
import { canTrain } from '@/lib/approaches'
import { wait } from '@/lib/estimates'
import { count, sentenceCase } from '@/lib/format'
import styles from './train-bar.module.css'

const PRESETS: Preset[] = ['quick', 'standard', 'quality']
const STEPS = 'steps'

/** What a training is asked to take. */
export type Budget = { preset: Preset } | { steps: number }

/** Train all that are ready, for as long as is chosen here. */
export function TrainBar({
  experiment,
  busy,
  onTrain,
}: {
  experiment: Experiment
  busy: boolean
  onTrain: (budget: Budget) => void
}) {
  const planned = experiment.preset ? null : experiment.steps
  const [choice, setChoice] = useState<string>(experiment.preset ?? STEPS)
  const ready = experiment.approaches.filter(canTrain).length
  const checking = experiment.approaches.filter(
    (a) => a.status === 'checking' || a.status === 'proposed',
  ).length

  const { robot, hyperparameters } = experiment
  const { data: plans } = useQuery(plansQuery(robot, Math.max(1, ready), hyperparameters))

  function train() {
    onTrain(choice === STEPS ? { steps: planned ?? 500_000 } : { preset: choice as Preset })
  }

  if (!ready && !checking) return null
  return (
    <div className={styles.bar}>
      <label className={styles.length}>
        <span>Train for</span>
        <select
          aria-label="Train for"
          value={choice}
          onChange={(event) => setChoice(event.target.value)}
        >
          {planned !== null && <option value={STEPS}>{count(planned)} steps each</option>}
          {PRESETS.map((preset) => (
            <option key={preset} value={preset}>
              {sentenceCase(preset)}
              {plans?.presets[preset] && `, ${wait(plans.presets[preset].estimate)}`}
            </option>
          ))}
        </select>
      </label>
      <span className={styles.note} role="status">
        {ready > 0 && checking > 0 && `${checking} still being checked`}
      </span>
      <Button look="primary" size="large" icon="play" busy={busy} disabled={!ready} onClick={train}>
        {words(ready)}
      </Button>
    </div>
  )
}

function words(ready: number): string {
  if (!ready) return 'Being checked'
  return ready > 1 ? `Train all ${ready}` : 'Train it'
}
