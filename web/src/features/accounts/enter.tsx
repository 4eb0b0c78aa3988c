import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'react-router'
import { accountQuery } from '@/api/account'
import { Icon } from '@/components/ui/icon'
import styles from './accounts.module.css'

/** The way to one's account; there is none on a studio that has no accounts. */
export function Enter() {
  const account = useQuery(accountQuery).data
  const { pathname } = useLocation()
  if (!account?.hosted) return null
  const { person } = account
  const label = person ? `Your account, ${person.name}` : 'Sign in'
  const back = pathname === '/' || pathname === '/sign-in' ? '' : `?next=${pathname}`
  return (
    <Link to={person ? '/account' : `/sign-in${back}`} className={styles.enter} aria-label={label}>
      <Icon name="person" />
      <span>{person?.name ?? 'Sign in'}</span>
    </Link>
  )
}
