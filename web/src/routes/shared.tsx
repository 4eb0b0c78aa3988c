import { useParams } from 'react-router'
import { ForkButton } from '@/features/sharing/fork-button'
import { ExperimentView } from './experiment-view'

/** What somebody shared, or what the library holds: to watch, to vote, to fork. */
export function SharedRoute() {
  const { id = '' } = useParams()
  return (
    <ExperimentView
      key={id}
      source={{ kind: 'shared', id }}
      actions={() => <ForkButton share={id} />}
    />
  )
}
