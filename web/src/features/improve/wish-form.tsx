import { type FormEvent, useId, useState } from 'react'
import type { Approach, Experiment, ImproveRequest, ProviderInfo } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { classes } from '@/lib/classes'
import styles from './wish-form.module.css'

const MAX_WISH = 1000
const IDEAS = ['wider', 'smaller', 'faster', 'slower', 'smoother']

/** What should be different, what the person likes, and who edits. */
export function WishForm({
  experiment,
  approach,
  providers,
  said,
  busy,
  onSend,
}: {
  experiment: Experiment
  approach: Approach
  providers: readonly ProviderInfo[]
  /** What the person has said already. */
  said: string
  busy: boolean
  onSend: (wish: Omit<ImproveRequest, 'job_id'>) => void
}) {
  const [wish, setWish] = useState(said.slice(0, MAX_WISH))
  const [best, setBest] = useState(experiment.my_vote ?? '')
  const [worst, setWorst] = useState('')
  const [chosen, setChosen] = useState(approach.provider)
  const id = useId()
  const seen = experiment.approaches.filter((a) => a.files.clip)
  const ready = providers.filter((p) => p.state === 'ready')
  const provider = ready.some((p) => p.name === chosen) ? chosen : 'builtin'

  function send(event: FormEvent) {
    event.preventDefault()
    onSend({ wish: wish.trim(), best: best || null, worst: worst || null, provider })
  }

  function add(idea: string) {
    setWish((said) => (said.trim() ? `${said.trim()}, ${idea}` : idea))
  }

  return (
    <form className={styles.form} onSubmit={send}>
      <div className={styles.field}>
        <label htmlFor={id}>What should be different?</label>
        <textarea
          id={id}
          rows={2}
          maxLength={MAX_WISH}
          placeholder="swing wider, and keep the feet still"
          value={wish}
          onChange={(event) => setWish(event.target.value)}
        />
        <div className={styles.ideas}>
          {IDEAS.map((idea) => (
            <button key={idea} type="button" onClick={() => add(idea)}>
              {idea}
            </button>
          ))}
        </div>
      </div>
      {seen.length > 1 && (
        <div className={styles.liking}>
          <Choice label="You like best" value={best} among={seen} onChange={setBest} />
          <Choice label="You like least" value={worst} among={seen} onChange={setWorst} />
        </div>
      )}
      <fieldset className={styles.editors}>
        <legend>Who edits</legend>
        {providers.map(({ name, title, state, detail }) => (
          <label
            key={name}
            className={classes(styles.editor, state !== 'ready' && styles.absent)}
            title={detail || undefined}
          >
            <input
              type="radio"
              className="visually-hidden"
              name={`${id}-editor`}
              value={name}
              checked={provider === name}
              disabled={state !== 'ready'}
              onChange={() => setChosen(name)}
            />
            {provider === name && <Icon name="check" size={15} />}
            {title}
            {state !== 'ready' && <small>{state}</small>}
          </label>
        ))}
      </fieldset>
      {provider === 'builtin' && (
        <p className={styles.hint}>
          Needs no key: it turns targets, weights and tempo by what you say and what was measured.
        </p>
      )}
      <Button type="submit" look="primary" size="large" icon="spark" busy={busy}>
        {busy ? 'Editing' : 'Improve it'}
      </Button>
    </form>
  )
}

function Choice({
  label,
  value,
  among,
  onChange,
}: {
  label: string
  value: string
  among: readonly Approach[]
  onChange: (id: string) => void
}) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">No opinion</option>
        {among.map((a) => (
          <option key={a.id} value={a.id}>
            {a.name}
          </option>
        ))}
      </select>
    </label>
  )
}
