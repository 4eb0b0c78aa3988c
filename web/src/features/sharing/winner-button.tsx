import { useVote } from '@/api/actions'
import type { Approach, Experiment, Source } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import { useToast } from '@/components/ui/toast'
import styles from './winner-button.module.css'

/** The owner's vote: one press on a clip crowns it. Others see the crown. */
export function WinnerButton({
  source,
  experiment,
  approach,
}: {
  source: Source
  experiment: Experiment
  approach: Approach
}) {
  const vote = useVote(source)
  const toast = useToast()
  const won = experiment.winner === approach.id
  const crown = <Icon name="crown" size={18} filled={won} />
  if (source.kind === 'shared') {
    if (!won) return null
    return <span className={styles.crown}>{crown} Winner</span>
  }
  return (
    <button
      type="button"
      className={styles.crown}
      aria-pressed={won}
      aria-label={`${won ? 'Take the crown from' : 'Crown'} ${approach.name}`}
      title={won ? 'Your winner' : 'Make it the winner'}
      disabled={vote.isPending}
      onClick={() => vote.mutate(won ? null : approach.id, { onError: toast.fail })}
    >
      {crown} {won && 'Winner'}
    </button>
  )
}
