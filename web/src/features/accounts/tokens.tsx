import { type FormEvent, useState } from 'react'
import { useAddToken, useRemoveToken } from '@/api/account'
import type { Account, Scope } from '@/api/types'
import { Button, IconButton } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { ago } from '@/lib/format'
import styles from './accounts.module.css'
import { SCOPES } from './roles'
import { Secret } from './secret'

/** What one's programs sign in with. */
export function Tokens({ tokens }: { tokens: Account['tokens'] }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['read'])
  const add = useAddToken()
  const remove = useRemoveToken()

  function submit(event: FormEvent) {
    event.preventDefault()
    add.mutate({ name, scopes }, { onSuccess: () => setName('') })
  }

  return (
    <section className={styles.card} aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      <p className={styles.soft}>
        For programs. A token can do what its scopes say, and never more than you.
      </p>
      <ProblemNotice error={add.error ?? remove.error} title="Not done" />
      {add.data && <Secret label="Your new token" value={add.data.secret} />}
      {tokens.length > 0 && (
        <ul className={styles.list}>
          {tokens.map((token) => (
            <li key={token.id}>
              <span className={styles.what}>
                {token.name}
                <small>
                  may {token.scopes.map((scope) => SCOPES[scope]).join('; ')}
                  {token.used ? `, used ${ago(token.used)}` : ', never used'}
                </small>
              </span>
              <IconButton
                name="trash"
                label={`Revoke the token ${token.name}`}
                disabled={remove.isPending}
                onClick={() => remove.mutate(token.id)}
              />
            </li>
          ))}
        </ul>
      )}
      <form className={styles.row} onSubmit={submit}>
        <label className={styles.field}>
          What it is for
          <input
            value={name}
            maxLength={80}
            required
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <fieldset className={styles.scopes}>
          <legend>It may</legend>
          {(Object.keys(SCOPES) as Scope[]).map((scope) => (
            <label key={scope} className={styles.choice}>
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={({ target }) =>
                  setScopes((old) =>
                    target.checked ? [...old, scope] : old.filter((each) => each !== scope),
                  )
                }
              />
              {SCOPES[scope]}
            </label>
          ))}
        </fieldset>
        <Button
          type="submit"
          icon="plus"
          busy={add.isPending}
          disabled={!name.trim() || !scopes.length}
        >
          Make a token
        </Button>
      </form>
    </section>
  )
}
