import { type FormEvent, useState } from 'react'
import { useProvider, useRename, useSignOut } from '@/api/account'
import type { Account } from '@/api/types'
import { Button, ButtonLink } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import styles from './accounts.module.css'
import { ROLES } from './roles'

/** Who one is here, and the way out. */
export function Profile({ account, onLeft }: { account: Account; onLeft: () => void }) {
  const { person, provider, linked } = account
  const [name, setName] = useState(person?.name ?? '')
  const rename = useRename()
  const signOut = useSignOut()
  const link = useProvider()
  const toast = useToast()
  if (!person) return null

  function submit(event: FormEvent) {
    event.preventDefault()
    rename.mutate(name, { onSuccess: () => toast.say('Your new name is kept.') })
  }

  return (
    <section className={styles.card} aria-labelledby="who">
      <h2 id="who">You</h2>
      <p className={styles.soft}>
        {ROLES[person.role].name}. {ROLES[person.role].promise}
      </p>
      <ProblemNotice error={rename.error ?? signOut.error ?? link.error} title="Not done" />
      <form className={styles.row} onSubmit={submit}>
        <label className={styles.field}>
          Name
          <input
            value={name}
            maxLength={80}
            required
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <Button type="submit" busy={rename.isPending} disabled={name.trim() === person.name}>
          Keep
        </Button>
      </form>
      <div className={styles.row}>
        {person.role === 'owner' && (
          <ButtonLink to="/people" icon="people">
            People
          </ButtonLink>
        )}
        {provider && !linked && (
          <Button busy={link.isPending} onClick={() => link.mutate(null)}>
            Also sign in with {provider}
          </Button>
        )}
        <Button
          busy={signOut.isPending}
          onClick={() => signOut.mutateAsync(undefined).then(onLeft, () => {})} // outlives this card
        >
          Sign out
        </Button>
      </div>
    </section>
  )
}
