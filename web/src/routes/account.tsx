import { useQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { accountQuery } from '@/api/account'
import { ButtonLink } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import accounts from '@/features/accounts/accounts.module.css'
import { Leave } from '@/features/accounts/leave'
import { Passkeys } from '@/features/accounts/passkeys'
import { Profile } from '@/features/accounts/profile'
import { Quota } from '@/features/accounts/quota'
import { Tokens } from '@/features/accounts/tokens'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** One's own account. */
export function AccountRoute() {
  useTitle('Your account')
  const navigate = useNavigate()
  const { data: account, error, isPending } = useQuery(accountQuery)
  const leave = () => navigate('/', { replace: true })
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Your account</h1>
      </header>
      <ProblemNotice error={error} title="It could not be read" />
      {isPending && <Skeleton height="20rem" />}
      {account && !account.hosted && (
        <p className={styles.lead}>This studio is yours alone: it asks nobody for a name.</p>
      )}
      {account?.hosted && !account.person && (
        <ButtonLink to="/sign-in?next=/account" look="primary" icon="key">
          Sign in
        </ButtonLink>
      )}
      {account?.person && (
        <div className={accounts.columns}>
          <Profile key={account.person.name} account={account} onLeft={leave} />
          {account.quota && <Quota quota={account.quota} />}
          <Passkeys passkeys={account.passkeys} />
          <Tokens tokens={account.tokens} />
          <Leave onLeft={leave} />
        </div>
      )}
    </div>
  )
}
