import { useSearchParams } from 'react-router'
import { Boundary } from '@/components/ui/boundary'
import { ExperimentList } from '@/features/experiments/experiment-list'
import { isFilter } from '@/features/experiments/statuses'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** All that was taught on this machine. */
export function ExperimentsRoute() {
  useTitle('Experiments')
  const [params, setParams] = useSearchParams()
  const asked = params.get('show')

  function show(filter: string | null) {
    setParams(
      (old) => {
        if (filter) old.set('show', filter)
        else old.delete('show')
        return old
      },
      { replace: true },
    )
  }

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Experiments</h1>
      </header>
      <Boundary name="The list">
        <ExperimentList filter={isFilter(asked) ? asked : null} onFilter={show} />
      </Boundary>
    </div>
  )
}
