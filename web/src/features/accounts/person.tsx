import { type FormEvent, useState } from 'react'
import { useChangePerson, useRemovePerson } from '@/api/people'
import type { Member, Role } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import { ago } from '@/lib/format'
import styles from './accounts.module.css'
import { RoleField } from './role-field'
import { ROLES } from './roles'

const LIMITS = { minutes: 'Minutes a day', jobs: 'At once', megabytes: 'MB' } as const
type Limit = keyof typeof LIMITS

/** One person, and what an owner can change about them. */
export function Person({ person, isMe }: { person: Member; isMe: boolean }) {
  const [open, setOpen] = useState(false)
  const { quota } = person
  return (
    <li>
      <span className={styles.what}>
        {person.name}
        {isMe && ' (you)'}
        <small>
          {ROLES[person.role].name}, since {ago(person.created)}. {Math.round(quota.minutes_used)}{' '}
          min today, {Math.round(quota.megabytes_used).toLocaleString('en')} MB
        </small>
      </span>
      <Button size="small" icon="edit" onClick={() => setOpen(true)}>
        Change<span className="visually-hidden"> {person.name}</span>
      </Button>
      <Dialog open={open} title={person.name} onClose={() => setOpen(false)}>
        <Change person={person} isMe={isMe} onDone={() => setOpen(false)} />
      </Dialog>
    </li>
  )
}

function Change({ person, isMe, onDone }: { person: Member; isMe: boolean; onDone: () => void }) {
  const [role, setRole] = useState<Role>(person.role)
  const [limits, setLimits] = useState<Partial<Record<Limit, string>>>({})
  const [sure, setSure] = useState(false)
  const change = useChangePerson(person.id)
  const remove = useRemovePerson(person.id)
  const toast = useToast()

  function submit(event: FormEvent) {
    event.preventDefault()
    const given = Object.entries(limits).map(([name, text]) => [name, text ? Number(text) : null])
    change.mutate(
      { role, ...Object.fromEntries(given) },
      {
        onSuccess: () => {
          toast.say(`What ${person.name} may do is changed.`)
          onDone()
        },
      },
    )
  }

  return (
    <form className={styles.columns} style={{ gridTemplateColumns: '1fr' }} onSubmit={submit}>
      <ProblemNotice error={change.error ?? remove.error} title="Not done" />
      <RoleField value={role} onChange={setRole} />
      <div className={styles.row}>
        {(Object.keys(LIMITS) as Limit[]).map((limit) => (
          <label key={limit} className={styles.field}>
            {LIMITS[limit]}
            <input
              type="number"
              min={0}
              max={1_000_000}
              value={limits[limit] ?? person.quota[limit] ?? ''}
              placeholder="no limit"
              onChange={({ target }) => setLimits((old) => ({ ...old, [limit]: target.value }))}
            />
          </label>
        ))}
      </div>
      <p className={styles.soft}>An empty field gives back what everybody of this role may use.</p>
      <div className={styles.row}>
        <Button type="submit" look="primary" busy={change.isPending}>
          Keep
        </Button>
        {!isMe && (
          <Button
            icon="trash"
            busy={remove.isPending}
            onClick={() => (sure ? remove.mutate(undefined) : setSure(true))}
          >
            {sure ? 'Yes, remove them' : 'Remove'}
          </Button>
        )}
      </div>
      {sure && (
        <p role="status" className={styles.soft}>
          {person.name} can sign in no more. What they taught becomes the studio’s, and private.
        </p>
      )}
    </form>
  )
}
