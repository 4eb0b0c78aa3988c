import { type PointerEvent, useState } from 'react'
import { count, number } from '@/lib/format'
import { useWidth } from '@/lib/use-width'
import styles from './chart.module.css'
import { extent, nearest, path, type Series, ticks } from './scale'

const LEFT = 46
const BOTTOM = 22
const TOP = 8

/** Curves over environment steps, each in its approach's hue. */
export default function Chart({
  label,
  series,
  height = 200,
  goals = [],
}: {
  label: string
  series: readonly Series[]
  height?: number
  goals?: readonly number[]
}) {
  const { ref, width } = useWidth<HTMLDivElement>()
  const [at, setAt] = useState<number | null>(null)
  const dots = series.flatMap((s) => s.dots)
  const [, last] = extent(dots.map(([step]) => step))
  const xRange = [0, dots.length ? last / 1.06 : 1] as const
  const yRange = extent([...dots.map(([, value]) => value), ...goals])
  const x = (v: number) => LEFT + ((v - xRange[0]) / (xRange[1] - xRange[0])) * (width - LEFT - 10)
  const y = (v: number) =>
    TOP + (1 - (v - yRange[0]) / (yRange[1] - yRange[0])) * (height - BOTTOM - TOP)

  function point(event: PointerEvent<SVGSVGElement>) {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left
    setAt(xRange[0] + ((place - LEFT) / (width - LEFT - 10)) * (xRange[1] - xRange[0]))
  }

  const marked = at === null ? [] : series.map((s) => ({ s, dot: nearest(s.dots, at) }))
  return (
    <figure className={styles.chart} aria-label={label}>
      <div ref={ref} style={{ height }}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={words(label, series)}
            onPointerMove={point}
            onPointerLeave={() => setAt(null)}
          >
            {ticks(yRange, height / 45).map((value) => (
              <g key={value} className={styles.grid}>
                <line x1={LEFT} x2={width - 10} y1={y(value)} y2={y(value)} />
                <text x={LEFT - 8} y={y(value) + 4} textAnchor="end">
                  {mark(value)}
                </text>
              </g>
            ))}
            {ticks(xRange, width / 130).map((value) => (
              <text key={value} className={styles.tick} x={x(value)} y={height - 4}>
                {count(value)}
              </text>
            ))}
            {goals.map((value) => (
              <line
                key={value}
                className={styles.goal}
                x1={LEFT}
                x2={width - 10}
                y1={y(value)}
                y2={y(value)}
              />
            ))}
            {series.map((s) => (
              <g key={s.id} data-hue={s.hue}>
                <path className={styles.curve} d={path(s.dots, x, y)} strokeDasharray={s.dash} />
                {s.dots.slice(-1).map(([step, value]) => (
                  <circle key={step} className={styles.dot} cx={x(step)} cy={y(value)} r={4} />
                ))}
              </g>
            ))}
            {marked.map(({ s, dot }) =>
              dot ? (
                <circle
                  key={s.id}
                  data-hue={s.hue}
                  className={styles.mark}
                  cx={x(dot[0])}
                  cy={y(dot[1])}
                  r={5}
                />
              ) : null,
            )}
          </svg>
        )}
      </div>
      <figcaption className={styles.legend}>
        {series.map((s) => {
          const dot = at === null ? s.dots.at(-1) : nearest(s.dots, at)
          return (
            <span key={s.id} data-hue={s.hue} className={styles.key}>
              {s.label} <b>{number(dot?.[1])}</b>
            </span>
          )
        })}
      </figcaption>
    </figure>
  )
}

/** A value of the axis, which has room for some five characters. */
function mark(value: number): string {
  const size = Math.abs(value)
  return size < 1000 ? number(value) : `${value < 0 ? '−' : ''}${count(size)}`
}

function words(label: string, series: readonly Series[]): string {
  const ends = series.map((s) => `${s.label} ${number(s.dots.at(-1)?.[1])}`)
  return `${label}: ${ends.join(', ')}`
}
