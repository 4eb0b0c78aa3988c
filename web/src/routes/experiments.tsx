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

  function set(name: string, value: string | null) {
    setParams(
      (old) => {
        if (value) old.set(name, value)
        else old.delete(name)
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
        <ExperimentList
          q={params.get('q') ?? ''}
          onSearch={(q) => set('q', q)}
          filter={isFilter(asked) ? asked : null}
          onFilter={(filter) => set('show', filter)}
        />
      </Boundary>
    </div>
  )
}
