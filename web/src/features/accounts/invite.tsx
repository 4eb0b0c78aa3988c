import { type FormEvent, useState } from 'react'
import { useInvite, useUninvite } from '@/api/people'
import type { InvitationInfo, Role } from '@/api/types'
import { Button, IconButton } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import styles from './accounts.module.css'
import { RoleField } from './role-field'
import { ROLES } from './roles'
import { Secret } from './secret'

/** Links with which somebody joins. */
export function Invite({ invitations }: { invitations: InvitationInfo[] }) {
  const [role, setRole] = useState<Role>('maker')
  const [note, setNote] = useState('')
  const invite = useInvite()
  const uninvite = useUninvite()

  function submit(event: FormEvent) {
    event.preventDefault()
    invite.mutate({ role, note }, { onSuccess: () => setNote('') })
  }

  return (
    <section className={styles.card} aria-labelledby="invite">
      <h2 id="invite">Invite somebody</h2>
      <p className={styles.soft}>A link is good for one person and seven days.</p>
      <ProblemNotice error={invite.error ?? uninvite.error} title="Not done" />
      <form className={styles.row} onSubmit={submit}>
        <label className={styles.field}>
          For whom
          <input value={note} maxLength={80} onChange={(event) => setNote(event.target.value)} />
        </label>
        <RoleField value={role} onChange={setRole} />
        <Button type="submit" look="primary" icon="plus" busy={invite.isPending}>
          Make a link
        </Button>
      </form>
      {invite.data && <Secret label="The invitation" value={invite.data.url} />}
      {invitations.length > 0 && (
        <ul className={styles.list}>
          {invitations.map(({ id, note, role, expires }) => (
            <li key={id}>
              <span className={styles.what}>
                {note || 'Somebody'}
                <small>
                  {ROLES[role].name}, until {new Date(expires).toLocaleDateString()}
                </small>
              </span>
              <IconButton
                name="trash"
                label={`Take back the invitation of ${note || 'somebody'}`}
                disabled={uninvite.isPending}
                onClick={() => uninvite.mutate(id)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
