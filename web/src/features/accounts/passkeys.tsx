import { thisDevice, useAddPasskey, useRemovePasskey } from '@/api/account'
import type { Account } from '@/api/types'
import { Button, IconButton } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { ago } from '@/lib/format'
import styles from './accounts.module.css'

/** The devices that one signs in with. */
export function Passkeys({ passkeys }: { passkeys: Account['passkeys'] }) {
  const add = useAddPasskey()
  const remove = useRemovePasskey()
  return (
    <section className={styles.card} aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <p className={styles.soft}>Add a second one: who loses the only one cannot come back.</p>
      <ProblemNotice error={add.error ?? remove.error} title="Not done" />
      <ul className={styles.list}>
        {passkeys.map(({ id, name, created, used }) => (
          <li key={id}>
            <span className={styles.what}>
              {name}
              <small>
                made {ago(created)}
                {used && `, used ${ago(used)}`}
              </small>
            </span>
            <IconButton
              name="trash"
              label={`Remove the passkey ${name}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate(id)}
            />
          </li>
        ))}
      </ul>
      <div className={styles.row}>
        <Button icon="plus" busy={add.isPending} onClick={() => add.mutate(thisDevice())}>
          Add a passkey
        </Button>
      </div>
    </section>
  )
}
