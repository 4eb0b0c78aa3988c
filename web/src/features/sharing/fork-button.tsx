import { useNavigate } from 'react-router'
import { useFork } from '@/api/actions'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'

/** A draft of one's own from what somebody shared; `about` says of what, where that is not plain. */
export function ForkButton({
  share,
  about,
  plain,
}: {
  share: string
  about?: string
  plain?: boolean
}) {
  const fork = useFork()
  const toast = useToast()
  const navigate = useNavigate()
  return (
    <Button
      look={plain ? 'plain' : 'primary'}
      size="small"
      icon="fork"
      busy={fork.isPending}
      onClick={() =>
        fork.mutate(share, {
          onSuccess: (experiment) => navigate(`/experiments/${experiment.id}`),
          onError: toast.fail,
        })
      }
    >
      Make it mine
      {about && <span className="visually-hidden">: {about}</span>}
    </Button>
  )
}
