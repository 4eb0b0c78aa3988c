import type { Hyperparameters, PlannedTraining, RobotInfo } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { Slider } from '@/components/ui/slider'
import { count } from '@/lib/format'
import styles from './advanced.module.css'
import { inWords, type Plan, placeOf, STEP_RANGE, stepsAt } from './plan'

type Field = {
  name: keyof Hyperparameters
  label: string
  value: number
  /** Where there is a base policy. */
  based?: number
  step: number | 'any'
}

const FIELDS: Field[] = [
  { name: 'num_envs', label: 'Parallel environments', value: 512, step: 1 },
  { name: 'unroll_length', label: 'Unroll length', value: 20, step: 1 },
  { name: 'learning_rate', label: 'Learning rate', value: 5e-4, based: 1e-3, step: 'any' },
  { name: 'discounting', label: 'Discount', value: 0.97, step: 'any' },
  { name: 'entropy_cost', label: 'Entropy', value: 0.01, step: 'any' },
  { name: 'num_epochs', label: 'Epochs', value: 4, step: 1 },
]

/** What a researcher wants to set. */
export function Advanced({
  plan,
  robot,
  planned,
  onChange,
}: {
  plan: Plan
  robot: RobotInfo | undefined
  planned: PlannedTraining | null
  onChange: (plan: Plan) => void
}) {
  const steps = 'steps' in plan.length ? plan.length.steps : (planned?.steps ?? 500_000)
  const updates = planned && `: ${planned.iterations} updates of ${planned.simulations} robots`
  const shown = planned ? planned.trouble || `${inWords(planned)}${updates}` : count(steps)
  return (
    <Drawer title="Advanced">
      <div className={styles.fields}>
        <div className={styles.wide}>
          <Slider
            label="Training steps"
            shown={shown}
            min={STEP_RANGE.min}
            max={STEP_RANGE.max}
            value={placeOf(steps)}
            onChange={(e) =>
              onChange({ ...plan, length: { steps: stepsAt(Number(e.target.value)) } })
            }
          />
          <p className={styles.hint}>{shown}</p>
        </div>
        <NumberField
          label="Approaches from each"
          value={plan.approaches}
          min={1}
          max={9}
          onChange={(approaches) => onChange({ ...plan, approaches })}
        />
        <div className={styles.seed}>
          <NumberField
            label="Seed"
            value={plan.seed}
            min={0}
            max={2 ** 31 - 1}
            onChange={(seed) => onChange({ ...plan, seed })}
          />
          <IconButton
            name="retry"
            label="Another seed"
            onClick={() => onChange({ ...plan, seed: Math.floor(Math.random() * 100_000) })}
          />
        </div>
        <Switch
          label="Domain randomisation"
          hint="Each robot weighs and slips a little differently, so that it copes with more."
          on={plan.randomize}
          onChange={(randomize) => onChange({ ...plan, randomize })}
        />
        <Switch
          label="Coarse physics"
          hint="Longer physics steps while it learns: most humanoids train nearly twice as fast. Clips and verdicts keep the fine ones."
          on={plan.hyperparameters.coarse_physics ?? robot?.base_policy ?? false}
          onChange={(coarse_physics) =>
            onChange({ ...plan, hyperparameters: { ...plan.hyperparameters, coarse_physics } })
          }
        />
        {FIELDS.map(({ name, label, value, based, step }) => (
          <NumberField
            key={name}
            label={label}
            value={Number(
              plan.hyperparameters[name] ?? (robot?.base_policy ? based : undefined) ?? value,
            )}
            min={0}
            step={step}
            onChange={(next) =>
              onChange({ ...plan, hyperparameters: { ...plan.hyperparameters, [name]: next } })
            }
          />
        ))}
      </div>
    </Drawer>
  )
}

function Switch({
  label,
  hint,
  on,
  onChange,
}: {
  label: string
  hint: string
  on: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <label className={styles.switch}>
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <b>{label}</b>
        <small>{hint}</small>
      </span>
    </label>
  )
}

function NumberField({
  label,
  value,
  onChange,
  ...rest
}: {
  label: string
  value: number
  min: number
  max?: number
  step?: number | 'any'
  onChange: (value: number) => void
}) {
  return (
    <label className={styles.number}>
      <span>{label}</span>
      <input
        type="number"
        inputMode="decimal"
        value={value}
        onChange={(event) => {
          const next = event.target.valueAsNumber
          if (Number.isFinite(next)) onChange(next)
        }}
        {...rest}
      />
    </label>
  )
}
