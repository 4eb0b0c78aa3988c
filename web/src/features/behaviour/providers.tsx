import type { ProviderInfo } from '@/api/types'
import { Icon } from '@/components/ui/icon'
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
  function toggle(name: string) {
    const next = new Set(left)
    if (!next.delete(name)) next.add(name)
    onChange(next)
  }
  return (
    <fieldset className={styles.providers}>
      <legend>Who proposes</legend>
      {providers.map(({ name, title, state, detail }) => (
        <button
          key={name}
          type="button"
          className={styles.provider}
          aria-pressed={state === 'ready' && !left.has(name)}
          disabled={state !== 'ready'}
          title={detail || undefined}
          onClick={() => toggle(name)}
        >
          {state === 'ready' && !left.has(name) && <Icon name="check" size={16} />}
          {title}
          {state !== 'ready' && <small>{state}</small>}
        </button>
      ))}
    </fieldset>
  )
}
