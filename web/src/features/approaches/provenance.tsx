import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '@/api/queries'
import type { Approach } from '@/api/types'
import { Chip } from '@/components/ui/chip'
import { Icon } from '@/components/ui/icon'
import styles from './provenance.module.css'

/** What one should see when it works, and who thought of it. */
export function Provenance({ approach }: { approach: Approach }) {
  const { data: known = [] } = useQuery(providersQuery)
  const title = (name: string) => known.find((p) => p.name === name)?.title ?? name
  const { looks, provider, model, prompts, repairs, stands_in_for } = approach
  return (
    <div className={styles.provenance}>
      {looks && (
        <p className={styles.looks}>
          <Icon name="eye" size={17} />
          <span>
            <span className="visually-hidden">What you should see: </span>
            {looks}
          </span>
        </p>
      )}
      {stands_in_for && (
        <Chip tone="review" icon="warning">
          Built in, in place of {title(stands_in_for)}
        </Chip>
      )}
      {model && (
        <p className={styles.author}>
          <b>{title(provider)}</b> <code>{model}</code> {rounds(repairs)}
          {prompts && (
            <>
              , prompts <code>{prompts}</code>
            </>
          )}
        </p>
      )}
    </div>
  )
}

function rounds(repairs: number): string {
  if (!repairs) return 'valid at once'
  return repairs === 1 ? 'repaired once' : `repaired ${repairs} times`
}
