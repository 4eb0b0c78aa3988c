import { useState } from 'react'
import type { ProviderInfo } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import { classes } from '@/lib/classes'
import styles from './providers.module.css'

/** Who thinks up approaches: each that is ready, unless it was left out. */
export function Providers({
  providers,
  left,
  onChange,
}: {
  providers: readonly ProviderInfo[]
  left: ReadonlySet<string>
  onChange: (left: ReadonlySet<string>) => void
}) {
  const [asked, setAsked] = useState<string | null>(null)
  const about = providers.find((p) => p.name === asked && p.state !== 'ready')
  const ready = providers.filter((p) => p.state === 'ready')

  function press({ name, state }: ProviderInfo) {
    if (state !== 'ready') return setAsked(asked === name ? null : name)
    const next = new Set(left)
    if (!next.delete(name)) next.add(name)
    onChange(next)
  }

  return (
    <fieldset className={styles.providers}>
      <legend className="visually-hidden">Who proposes</legend>
      <span className={styles.label} aria-hidden="true">
        Asks
      </span>
      {providers.map((provider) => {
        const { name, title, state } = provider
        const on = state === 'ready' && !left.has(name)
        return (
          <button
            key={name}
            type="button"
            className={classes(styles.provider, state !== 'ready' && styles.absent)}
            aria-pressed={state === 'ready' ? on : undefined}
            aria-expanded={state === 'ready' ? undefined : asked === name}
            onClick={() => press(provider)}
          >
            {on && <Icon name="check" size={16} />}
            {title}
            {state !== 'ready' && <small>{state}</small>}
          </button>
        )
      })}
      {ready.some((p) => left.has(p.name)) && (
        <button type="button" className={styles.all} onClick={() => onChange(new Set())}>
          Ask all {ready.length}
        </button>
      )}
      <p role="status" className={styles.about}>
        {about && `${about.title}: ${about.detail}`}
      </p>
    </fieldset>
  )
}
