import type { Approach } from '@/api/types'
import styles from './robustness.module.css'

type Found = Approach['robustness'][number]

/** What passes at each level of friction, mass and pushes: where the policy stops working. */
export function Robustness({ robustness }: { robustness: Found[] }) {
  if (!robustness.length) return null
  return (
    <table className={styles.robustness}>
      <caption>How it bears other robots and floors</caption>
      <tbody>
        {robustness.map((found) => (
          <tr key={found.what}>
            <th scope="row">{found.what === 'push' ? 'push (m/s)' : found.what}</th>
            {found.levels.map((level, i) => (
              <Cell
                key={level}
                what={found.what}
                level={found.what === 'push' ? `${level}` : `×${level}`}
                unit={found.what === 'push' ? ' m/s' : ''}
                passes={found.passes[i] ?? 0}
                tries={found.tries}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({
  what,
  level,
  unit,
  passes,
  tries,
}: {
  what: string
  level: string
  unit: string
  passes: number
  tries: number
}) {
  const bears = passes === tries ? 'all' : passes ? 'some' : 'none'
  return (
    <td data-bears={bears} title={`${what} ${level}${unit}: ${passes} of ${tries} pass`}>
      {level}
      <small>
        {passes}/{tries}
        <span className="visually-hidden"> pass</span>
      </small>
    </td>
  )
}
