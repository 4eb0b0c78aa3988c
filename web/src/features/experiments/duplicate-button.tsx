import { useNavigate } from 'react-router'
import { useDuplicate } from '@/api/actions'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'

/** A draft with the same sentence and approaches. */
export function DuplicateButton({ id }: { id: string }) {
  const duplicate = useDuplicate()
  const toast = useToast()
  const navigate = useNavigate()
  return (
    <Button
      size="small"
      look="plain"
      icon="copy"
      busy={duplicate.isPending}
      onClick={() =>
        duplicate.mutate(id, {
          onSuccess: (experiment) => navigate(`/experiments/${experiment.id}`),
          onError: toast.fail,
        })
      }
    >
      Duplicate
    </Button>
  )
}
