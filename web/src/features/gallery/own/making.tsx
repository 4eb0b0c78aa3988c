import { type Given, useCancelAddition } from '@/api/own-robots'
import type { AdditionStatus } from '@/api/types'
import { Button } from '@/components/ui/button'
import { ProgressBar } from '@/components/ui/progress-bar'
import styles from './panel.module.css'

const nameOf = (given: Given | null) =>
  given ? ('file' in given ? given.name : given.menagerie) : ''

/** How far the making of a robot is. */
export function Making({
  addition,
  given,
}: {
  addition: AdditionStatus | undefined
  given?: Given | null
}) {
  const cancel = useCancelAddition()
  const stage = addition?.stage ?? 'Sending'
  return (
    <div className={styles.making}>
      <h3>{addition?.source ?? nameOf(given ?? null)}</h3>
      <p role="status">{stage}</p>
      <ProgressBar label={stage} value={addition?.progress ?? null} />
      <p className={styles.soft}>It is read and tried in simulation, and its picture is drawn.</p>
      {addition && (
        <Button size="small" busy={cancel.isPending} onClick={() => cancel.mutate(addition.id)}>
          Cancel
        </Button>
      )}
    </div>
  )
}
