import { type Field, REQUEST, SETTINGS } from '@/api/fields'
import type { Hyperparameters, PlannedTraining, RobotInfo } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { Slider } from '@/components/ui/slider'
import { count } from '@/lib/format'
import styles from './advanced.module.css'
import { inWords, type Plan, placeOf, STEP_RANGE, stepsAt } from './plan'

const NUMBERS = [
  'num_envs',
  'unroll_length',
  'learning_rate',
  'discounting',
  'entropy_cost',
  'num_epochs',
] as const

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
  const set = (name: keyof Hyperparameters, value: number | boolean) =>
    onChange({ ...plan, hyperparameters: { ...plan.hyperparameters, [name]: value } })
  const leaveOut = (name: keyof Hyperparameters) => {
    const { [name]: _, ...hyperparameters } = plan.hyperparameters
    onChange({ ...plan, hyperparameters })
  }
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
          field={REQUEST.approaches}
          value={plan.approaches}
          onChange={(approaches) => onChange({ ...plan, approaches })}
        />
        <div className={styles.seed}>
          <NumberField
            field={{ ...REQUEST.seed, optional: false }}
            value={plan.seed}
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
          label={SETTINGS.coarse_physics.title}
          hint="Longer physics steps while it learns: most humanoids train nearly twice as fast. Clips and verdicts keep the fine ones."
          on={plan.hyperparameters.coarse_physics ?? robot?.base_policy ?? false}
          onChange={(coarse) => set('coarse_physics', coarse)}
        />
        {NUMBERS.map((name) => (
          <NumberField
            key={name}
            field={SETTINGS[name]}
            value={plan.hyperparameters[name] ?? (SETTINGS[name].default as number | null)}
            onChange={(value) => set(name, value)}
            onClear={() => leaveOut(name)}
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

/** One that may be left out is empty until somebody sets it. */
function NumberField({
  field,
  label = field.title,
  value,
  onChange,
  onClear,
}: {
  field: Field
  label?: string
  value: number | null
  onChange: (value: number) => void
  onClear?: () => void
}) {
  return (
    <label className={styles.number} title={field.description}>
      <span>{label}</span>
      <input
        type="number"
        inputMode="decimal"
        value={value ?? ''}
        placeholder={field.optional ? 'Automatic' : undefined}
        min={field.minimum}
        max={field.maximum}
        step={field.type === 'integer' ? 1 : 'any'}
        onChange={(event) => {
          const next = event.target.valueAsNumber
          if (Number.isFinite(next)) onChange(next)
          else if (field.optional && !event.target.value) onClear?.()
        }}
      />
    </label>
  )
}
