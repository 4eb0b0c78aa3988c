import type { Metric } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import { number } from '@/lib/format'
import { bounds, meets } from './bounds'
import styles from './numbers.module.css'

type Values = Record<string, number | null>

/** The metric's numbers beside what was asked and, after a training, what the robot did before. */
export function Numbers({ metric, now, base }: { metric: Metric; now: Values; base?: Values }) {
  return (
    <table className={styles.numbers}>
      <caption>{metric.question}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Number</span>
          </th>
          <th scope="col">now</th>
          {base && <th scope="col">before</th>}
          <th scope="col">asked</th>
        </tr>
      </thead>
      <tbody>
        {metric.criteria.map((criterion) => {
          const value = now[criterion.label]
          const good = meets(criterion, value)
          return (
            <tr key={criterion.label}>
              <th scope="row">{criterion.label}</th>
              <td className={value == null ? undefined : good ? styles.good : styles.bad}>
                {number(value)}
                {value != null && (
                  <>
                    <Icon name={good ? 'check' : 'cross'} size={13} />
                    <span className="visually-hidden">{good ? 'as asked' : 'not as asked'}</span>
                  </>
                )}
              </td>
              {base && <td>{number(base[criterion.label])}</td>}
              <td>{bounds(criterion)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
