import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { accountQuery, mayTeach } from '@/api/account'
import { Boundary } from '@/components/ui/boundary'
import { Explore } from '@/features/explore/explore'
import { ForkButton } from '@/features/sharing/fork-button'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** What people taught and show. */
export function ExploreRoute() {
  useTitle('Explore')
  const forks = mayTeach(useQuery(accountQuery).data)
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Explore</h1>
        <p className={styles.lead}>
          What people taught their robots here, and the <Link to="/library">library</Link>. Watch
          it, play with it live, make it yours and teach it further.
        </p>
      </header>
      <Boundary name="What is shown">
        <Explore
          fork={(share, sentence) => forks && <ForkButton share={share} about={sentence} plain />}
        />
      </Boundary>
    </div>
  )
}
