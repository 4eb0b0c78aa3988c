import { useQuery } from '@tanstack/react-query'
import { accountQuery } from '@/api/account'
import { Notice } from '@/components/ui/notice'
import { Audit } from '@/features/accounts/audit'
import { People } from '@/features/accounts/people'
import { Reports } from '@/features/explore/reports'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** Everybody on a hosted studio, for its owners. */
export function PeopleRoute() {
  useTitle('People')
  const account = useQuery(accountQuery).data
  const isOwner = account?.person?.role === 'owner'
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>People</h1>
      </header>
      {account && !isOwner && (
        <Notice
          title="This page is for owners"
          detail="They invite people and say what each may."
        />
      )}
      {isOwner && account.person && (
        <div className={styles.stack}>
          <People me={account.person.id} />
          <Reports />
          <Audit />
        </div>
      )}
    </div>
  )
}
