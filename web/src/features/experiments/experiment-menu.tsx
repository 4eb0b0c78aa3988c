import { useNavigate } from 'react-router'
import { useDuplicate } from '@/api/actions'
import { Button } from '@/components/ui/button'
import { Menu } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { useDeletion } from './use-deletion'

/** What one seldom does with an experiment: make a draft of the same, or delete it. */
export function ExperimentMenu({
  id,
  sentence,
  onDelete,
}: {
  id: string
  sentence: string
  onDelete?: () => void
}) {
  const duplicate = useDuplicate()
  const remove = useDeletion()
  const toast = useToast()
  const navigate = useNavigate()

  function copy() {
    duplicate.mutate(id, {
      onSuccess: (experiment) => navigate(`/experiments/${experiment.id}`),
      onError: toast.fail,
    })
  }

  function destroy() {
    remove(id, sentence)
    onDelete?.()
  }

  return (
    <Menu label="More">
      <Button look="plain" icon="copy" busy={duplicate.isPending} onClick={copy}>
        Duplicate
      </Button>
      <Button look="plain" icon="trash" onClick={destroy}>
        Delete
      </Button>
    </Menu>
  )
}
