import { Chip } from '@/components/ui/chip'
import type { Place } from './runner'
import type { Link, Readings } from './use-live'
import styles from './where.module.css'

const PLACES: { place: Place; name: string }[] = [
  { place: 'page', name: 'This page' },
  { place: 'server', name: 'The server' },
]

/** Where the robots run, to be chosen, and how that goes. */
export function Where({
  place,
  trouble,
  link,
  readings,
  onChoose,
}: {
  place: Place
  /** Why the page cannot. */
  trouble: string | null
  link: Link
  readings: Readings | null
  onChoose: (place: Place) => void
}) {
  const slow = (readings?.load ?? 0) > 1
  return (
    <div className={styles.where}>
      <fieldset className={styles.choice}>
        <legend>Run by</legend>
        {PLACES.map(({ place: each, name }) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === place}
            onClick={() => onChoose(each)}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <p role="status" className={styles.state} data-link={link?.connection ?? 'none'}>
        {place === 'server' ? said(link) : 'No connection needed'}
      </p>
      {readings?.delay != null && (
        <p>
          Answers after <span data-number="Delay">{Math.round(readings.delay)} ms</span>
        </p>
      )}
      {trouble !== null && <p title={trouble}>This browser cannot run it, so the server does.</p>}
      {slow && (
        <p>
          {place === 'page'
            ? 'Too much for this device: it is slow motion. The server may be faster.'
            : 'The server is busy: it is slow motion.'}
        </p>
      )}
    </div>
  )
}

/** Over robots that stand still, since the server is away. */
export function Lost({ link }: { link: Link }) {
  if (link?.connection !== 'lost') return null
  return (
    <div className={styles.lost}>
      <Chip tone="review" icon="warning">
        {said(link)}
      </Chip>
    </div>
  )
}

function said(link: Link): string {
  if (link?.connection === 'open') return 'Connected'
  if (link?.connection === 'lost') {
    return link.reason ? `Trying again: ${link.reason}` : 'Connection lost, trying again'
  }
  return 'Connecting…'
}
