import type { Approach } from '@/api/types'
import { Chip } from '@/components/ui/chip'
import { Diff } from './diff'
import styles from './lineage.module.css'

/** Whose child an approach is, what was asked of it, and what was changed. */
export function Lineage({ approach, open }: { approach: Approach; open?: boolean }) {
  const { origin } = approach
  if (!origin) return null
  return (
    <div className={styles.lineage}>
      <p>
        <Chip icon="fork">Child of {origin.name}</Chip>
        {origin.wish && <q>{origin.wish}</q>}
      </p>
      <details open={open}>
        <summary>What was changed</summary>
        <Diff changes={origin.changes} label={`Changes from ${origin.name} to ${approach.name}`} />
      </details>
    </div>
  )
}
