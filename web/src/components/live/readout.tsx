import type { Metric } from '@/api/types'
import { meets } from '@/components/verdict/bounds'
import type { Facts, Playable } from './facts'
import styles from './readout.module.css'
import { interval, type Tried } from './trial'
import type { Readings } from './use-live'
import type { Values } from './verdict/recorder'

/** What one robot does at this moment. */
export function Readout({ readings, facts }: { readings: Readings; facts: Facts }) {
  const [robot] = readings.robots
  if (!robot) return null
  const [ahead, left, turn] = robot.velocity
  return (
    <dl className={styles.numbers}>
      <Reading name="Time" value={`${robot.time.toFixed(1)} s`} />
      {facts.free_base && (
        <>
          <Reading name="Ahead" value={`${ahead.toFixed(2)} m/s`} />
          <Reading name="Left" value={`${left.toFixed(2)} m/s`} />
          <Reading name="From its start" value={`${robot.way.toFixed(2)} m`} />
          <Reading name="Turn" value={`${turn.toFixed(2)} rad/s`} />
        </>
      )}
      {readings.tried && <Reading name="Other starts" value={tally(readings.tried, 0)} />}
      {robot.falls > 0 && <Reading name="Fell, and began again" value={`${robot.falls}×`} />}
      <Reading name="Computing" value={percent(readings.load)} />
    </dl>
  )
}

function Reading({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-number={name}>{value}</dd>
    </div>
  )
}

/** The names of robots side by side, each in its cell, with how each fares. */
export function Names({
  policies,
  readings,
  facts,
  grid,
}: {
  policies: readonly Playable[]
  readings: Readings | null
  facts: Facts | null
  grid: { columns: number; rows: number }
}) {
  return (
    <>
      <ol className={styles.names} style={{ '--columns': grid.columns, '--rows': grid.rows }}>
        {policies.map(({ name, files, metric }, index) => {
          const robot = readings?.robots[index]
          return (
            <li key={files}>
              <strong>{name}</strong>
              {robot && (
                <span>
                  {facts?.free_base && (
                    <span className={styles.way}>{robot.way.toFixed(1)} m from its start</span>
                  )}
                  {robot.falls > 0 && <span>fell {robot.falls}×</span>}
                  {metric && readings?.tried && <span>{tally(readings.tried, index)}</span>}
                  {metric && robot.values && <Score metric={metric} values={robot.values} />}
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {readings && (
        <p className={styles.together}>
          <span data-number="Time">{readings.robots[0]?.time.toFixed(1)} s</span>
          <span data-number="Computing">{percent(readings.load)}</span>
        </p>
      )}
    </>
  )
}

/** How much of its metric a robot keeps at the moment. */
function Score({ metric, values }: { metric: Metric; values: Values }) {
  const kept = metric.criteria.filter((criterion) => meets(criterion, values[criterion.label]))
  const all = kept.length === metric.criteria.length
  return (
    <span className={all ? styles.good : undefined}>
      {all ? 'does it' : `${kept.length} of ${metric.criteria.length} as asked`}
    </span>
  )
}

/** `18 of 20 pass (70 to 97%)`, while it runs and afterwards. */
function tally({ starts, done, passes }: Tried, index: number): string {
  const passed = passes[index]
  if (done === 0 || passed == null) return `0 of ${starts} starts`
  const [low, high] = interval(passed, done).map((share) => Math.round(100 * share))
  const so = done < starts ? ' so far' : ''
  return `${passed} of ${done} pass${so} (${low} to ${high}%)`
}

const percent = (load: number) => `${Math.round(100 * load)}% of its time`
