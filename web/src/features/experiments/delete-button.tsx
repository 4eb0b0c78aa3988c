import { useState } from 'react'
import { useDelete } from '@/api/actions'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ProblemNotice } from '@/components/ui/notice'
import styles from './delete-button.module.css'

/** Asks before an experiment is deleted with all its clips. */
export function DeleteButton({
  id,
  sentence,
  onDeleted,
}: {
  id: string
  sentence: string
  onDeleted?: () => void
}) {
  const [open, setOpen] = useState(false)
  const remove = useDelete()

  // A promise outlives this button, which goes as soon as the studio tells that all is gone.
  function destroy() {
    remove.mutateAsync(id).then(
      () => {
        setOpen(false)
        onDeleted?.()
      },
      () => {}, // the notice tells
    )
  }

  return (
    <>
      <Button size="small" look="plain" icon="trash" onClick={() => setOpen(true)}>
        Delete
      </Button>
      <Dialog open={open} title="Delete this experiment?" onClose={() => setOpen(false)}>
        <div className={styles.body}>
          <p>
            “{sentence}” goes for good, with its clips and policies. What still trains is stopped.
          </p>
          <ProblemNotice error={remove.error} title="It is still there" />
          <div className={styles.buttons}>
            <Button look="danger" icon="trash" busy={remove.isPending} onClick={destroy}>
              Delete it
            </Button>
            <Button look="plain" onClick={() => setOpen(false)}>
              Keep it
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
