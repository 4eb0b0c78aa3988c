import { useLocation, useNavigate } from 'react-router'
import { Join } from '@/features/accounts/join'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** What an invitation's link opens: its secret follows `#`, which no server is told. */
export function JoinRoute() {
  useTitle('You are invited')
  const navigate = useNavigate()
  const invitation = useLocation().hash.slice(1)
  return (
    <div className={styles.page}>
      <Join invitation={invitation} onDone={() => navigate('/', { replace: true })} />
    </div>
  )
}
