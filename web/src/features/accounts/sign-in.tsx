import { useQuery } from '@tanstack/react-query'
import { accountQuery, useProvider, useSignIn } from '@/api/account'
import { Button } from '@/components/ui/button'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { classes } from '@/lib/classes'
import styles from './accounts.module.css'

/** Sign in with a passkey, or by the provider that the studio knows. */
export function SignIn({ refused, onDone }: { refused: string | null; onDone: () => void }) {
  const account = useQuery(accountQuery).data
  const signIn = useSignIn()
  const provider = useProvider()
  return (
    <div className={classes(styles.card, styles.door)}>
      <h1>Sign in</h1>
      <p className={styles.soft}>
        No passwords: your device or your security key says that it is you.
      </p>
      {refused && !signIn.error && <Notice tone="fail" title="Not signed in" detail={refused} />}
      <ProblemNotice error={signIn.error ?? provider.error} title="Not signed in" />
      <Button
        look="primary"
        icon="key"
        busy={signIn.isPending}
        onClick={() => signIn.mutate(undefined, { onSuccess: onDone })}
      >
        Sign in with a passkey
      </Button>
      {account?.provider && (
        <Button busy={provider.isPending} onClick={() => provider.mutate(null)}>
          Sign in with {account.provider}
        </Button>
      )}
      <p className={styles.soft}>
        New here? Whoever runs this studio sends you an invitation. Looking needs no account.
      </p>
    </div>
  )
}
