import { useShowVersion } from '@/api/actions'
import type { Approach } from '@/api/types'
import { LiveButton } from '@/components/live/live-button'
import { Button } from '@/components/ui/button'
import { VerdictChip } from '@/components/ui/chip'
import { useToast } from '@/components/ui/toast'
import { isActive } from '@/lib/approaches'
import { count } from '@/lib/format'
import styles from './versions.module.css'

/** What each training of an approach showed: to compare, and to go back to. */
export function Versions({ approach }: { approach: Approach }) {
  const show = useShowVersion()
  const toast = useToast()
  const { name, metric, versions, version: now, job_id: job } = approach
  if (!versions.length) return null
  const models = versions.flatMap(({ model }, index) =>
    model ? [{ name: `Version ${index + 1}`, model, metric }] : [],
  )
  return (
    <section className={styles.versions} aria-label={`Versions of ${name}`}>
      <ol>
        {versions.map(({ version, step, verdict }, index) => (
          <li key={version} aria-current={version === now}>
            <b>Version {index + 1}</b>
            <span>{count(step)} steps</span>
            {verdict && <VerdictChip verdict={verdict} />}
            {version === now ? (
              <span className={styles.now}>shown</span>
            ) : (
              job &&
              !isActive(approach) && (
                <Button
                  size="small"
                  look="plain"
                  busy={show.isPending && show.variables.version === version}
                  onClick={() => show.mutate({ job, version }, { onError: toast.fail })}
                >
                  {version < now ? 'Go back' : 'Go forth'}
                  <span className="visually-hidden"> to version {index + 1}</span>
                </Button>
              )
            )}
          </li>
        ))}
      </ol>
      {models.length > 1 && (
        <LiveButton models={models} title={`${name}, its versions live`} seen={false}>
          Versions live
        </LiveButton>
      )}
    </section>
  )
}
