import { useVote } from '@/api/actions'
import type { Approach, Experiment, Source } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import { useToast } from '@/components/ui/toast'
import styles from './vote-button.module.css'

/** One heart an experiment: the best approach, for this browser. */
export function VoteButton({
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
  const mine = experiment.my_vote === approach.id
  const votes = experiment.votes[approach.id] ?? 0
  return (
    <button
      type="button"
      className={styles.vote}
      aria-pressed={mine}
      aria-label={`${mine ? 'Take back your vote for' : 'Vote for'} ${approach.name}: ${votes} so far`}
      disabled={vote.isPending}
      onClick={() => vote.mutate(mine ? null : approach.id, { onError: toast.fail })}
    >
      <Icon name="heart" size={19} filled={mine} />
      {votes}
    </button>
  )
}
