import { useNavigate, useParams } from 'react-router'
import { ExperimentMenu } from '@/features/experiments/experiment-menu'
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
          <ShareButton
            experiment={experiment}
            film={experiment.approaches.some((a) => a.files.clip) ? experiment.sentence : undefined}
          />
          <ExperimentMenu
            id={id}
            sentence={experiment.sentence}
            onDelete={() => navigate('/experiments')}
          />
        </>
      )}
    />
  )
}
