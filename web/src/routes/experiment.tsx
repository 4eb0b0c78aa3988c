import { useNavigate, useParams } from 'react-router'
import { DeleteButton } from '@/features/experiments/delete-button'
import { DuplicateButton } from '@/features/experiments/duplicate-button'
import { ShareButton } from '@/features/sharing/share-button'
import { ExperimentView } from './experiment-view'

/** One's own experiment. */
export function ExperimentRoute() {
  const { id = '' } = useParams()
  const navigate = useNavigate()
  return (
    <ExperimentView
      key={id}
      source={{ kind: 'own', id }}
      actions={(experiment) => (
        <>
          <ShareButton experiment={id} />
          <DuplicateButton id={id} />
          <DeleteButton
            id={id}
            sentence={experiment.sentence}
            onDeleted={() => navigate('/experiments')}
          />
        </>
      )}
    />
  )
}
