import { useState } from 'react'
import { useDeleteAccount } from '@/api/account'
import { Button, FileLink } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ProblemNotice } from '@/components/ui/notice'
import styles from './accounts.module.css'

/** All that is one's own, to take along or to have deleted. */
export function Leave({ onLeft }: { onLeft: () => void }) {
  const [open, setOpen] = useState(false)
  const remove = useDeleteAccount()
  return (
    <section className={styles.card} aria-labelledby="leave">
      <h2 id="leave">All that is yours</h2>
      <p className={styles.soft}>
        Your experiments with their clips and policies, your votes, and what is known of you.
      </p>
      <div className={styles.row}>
        <FileLink href="/api/account/export" icon="download" download>
          Take it along (zip)
        </FileLink>
        <Button icon="trash" onClick={() => setOpen(true)}>
          Delete my account
        </Button>
      </div>
      <Dialog open={open} title="Delete your account?" onClose={() => setOpen(false)}>
        <div className={styles.columns} style={{ gridTemplateColumns: '1fr' }}>
          <p>
            Your experiments, clips, policies, votes, tokens and passkeys are deleted, and what
            trains is ended. Nothing of it comes back.
          </p>
          <ProblemNotice error={remove.error} title="Not deleted" />
          <div className={styles.row}>
            <Button
              icon="trash"
              busy={remove.isPending}
              onClick={() => remove.mutateAsync(undefined).then(onLeft, () => {})} // outlives this card
            >
              Delete all of it
            </Button>
            <Button look="plain" onClick={() => setOpen(false)}>
              Keep it
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  )
}
