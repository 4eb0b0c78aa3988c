import { Boundary } from '@/components/ui/boundary'
import { ExperimentList } from '@/features/experiments/experiment-list'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** All that was taught on this machine. */
export function ExperimentsRoute() {
  useTitle('Experiments')
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Experiments</h1>
      </header>
      <Boundary name="The list">
        <ExperimentList />
      </Boundary>
    </div>
  )
}
