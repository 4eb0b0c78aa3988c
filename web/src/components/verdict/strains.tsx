import type { Approach } from '@/api/types'
import styles from './strains.module.css'

type Strain = Approach['strains'][number]

/** What passes at each level of friction, mass and pushes: where the policy stops working. */
export function Strains({ strains }: { strains: Strain[] }) {
  if (!strains.length) return null
  return (
    <table className={styles.strains}>
      <caption>How it bears other robots and floors</caption>
      <tbody>
        {strains.map((strain) => (
          <tr key={strain.what}>
            <th scope="row">{strain.what === 'push' ? 'push (m/s)' : strain.what}</th>
            {strain.levels.map((level, i) => (
              <Cell
                key={level}
                what={strain.what}
                level={strain.what === 'push' ? `${level}` : `×${level}`}
                unit={strain.what === 'push' ? ' m/s' : ''}
                passes={strain.passes[i] ?? 0}
                tries={strain.tries}
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
