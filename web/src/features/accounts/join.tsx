import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { accountQuery, invitationQuery, useJoin, useProvider } from '@/api/account'
import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { classes } from '@/lib/classes'
import styles from './accounts.module.css'
import { ROLES } from './roles'

/** Somebody new, with the secret that their link holds. */
export function Join({ invitation, onDone }: { invitation: string; onDone: () => void }) {
  const [name, setName] = useState('')
  const account = useQuery(accountQuery).data
  const invited = useQuery(invitationQuery(invitation))
  const join = useJoin()
  const provider = useProvider()

  function submit(event: FormEvent) {
    event.preventDefault()
    join.mutate({ invitation, name }, { onSuccess: onDone })
  }

  if (!invitation || invited.error) {
    return (
      <div className={classes(styles.card, styles.door)}>
        <h1>This link invites nobody</h1>
        <p>
          {invited.error?.message ?? 'Half of it is missing.'} Ask whoever sent it for a new one.
        </p>
      </div>
    )
  }
  return (
    <form className={classes(styles.card, styles.door)} onSubmit={submit}>
      <h1>You are invited</h1>
      <p className={styles.soft}>
        {invited.data ? ROLES[invited.data.role].promise : 'One moment.'} Your device will make a
        passkey, so that there is no password to forget.
      </p>
      <ProblemNotice error={join.error ?? provider.error} title="Not yet" />
      <label className={styles.field}>
        What shall we call you?
        <input
          value={name}
          maxLength={80}
          required
          autoComplete="name"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Button
        type="submit"
        look="primary"
        icon="key"
        busy={join.isPending}
        disabled={!name.trim() || !invited.data}
      >
        Join with a passkey
      </Button>
      {account?.provider && (
        <Button busy={provider.isPending} onClick={() => provider.mutate(invitation)}>
          Join with {account.provider}
        </Button>
      )}
    </form>
  )
}
