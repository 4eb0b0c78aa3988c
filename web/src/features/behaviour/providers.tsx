import type { ProviderInfo } from '@/api/types'
import { Drawer } from '@/components/ui/drawer'
import { Icon } from '@/components/ui/icon'
import styles from './providers.module.css'

const NAMED = 3 // of those that could be added

/** Who thinks up approaches, in a line; open, each that is ready can be left out. */
export function Providers({
  providers,
  left,
  onChange,
}: {
  providers: readonly ProviderInfo[]
  left: ReadonlySet<string>
  onChange: (left: ReadonlySet<string>) => void
}) {
  const ready = providers.filter((p) => p.state === 'ready')
  const absent = providers.filter((p) => p.state !== 'ready')

  function press(name: string) {
    const next = new Set(left)
    if (!next.delete(name)) next.add(name)
    onChange(next)
  }

  return (
    <Drawer title={inWords(ready, absent, left)}>
      <fieldset className={styles.providers}>
        <legend>Who thinks up ways to learn it</legend>
        {ready.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            className={styles.provider}
            aria-pressed={!left.has(name)}
            onClick={() => press(name)}
          >
            {!left.has(name) && <Icon name="check" size={16} />}
            {title}
          </button>
        ))}
        {ready.some((p) => left.has(p.name)) && (
          <button type="button" className={styles.all} onClick={() => onChange(new Set())}>
            Ask all {ready.length}
          </button>
        )}
        {absent.length > 0 && (
          <div className={styles.absent}>
            <p>Add a model: set its key where you start TabRL, then start it again.</p>
            <dl>
              {absent.map(({ name, title, state, detail }) => (
                <div key={name}>
                  <dt>
                    {title} <small>{state}</small>
                  </dt>
                  <dd>{detail}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </fieldset>
    </Drawer>
  )
}

/** `Built in · add Claude, GPT, Gemini…`. */
function inWords(
  ready: readonly ProviderInfo[],
  absent: readonly ProviderInfo[],
  left: ReadonlySet<string>,
): string {
  const asked = ready.filter((p) => !left.has(p.name))
  const who = (asked.length ? asked.map((p) => p.title) : ['Built in']).join(', ')
  if (!absent.length) return who
  const others = absent.slice(0, NAMED).map((p) => p.title)
  return `${who} · add ${others.join(', ')}${absent.length > NAMED ? '…' : ''}`
}
