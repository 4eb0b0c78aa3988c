import { useNavigate } from 'react-router'
import { useFork } from '@/api/actions'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'

/** A draft of one's own from what somebody shared. */
export function ForkButton({ share }: { share: string }) {
  const fork = useFork()
  const toast = useToast()
  const navigate = useNavigate()
  return (
    <Button
      look="primary"
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
    </Button>
  )
}
