import { useState } from 'react'
import type { BaseInfo } from '@/api/types'
import { LiveButton } from '@/components/live/live-button'
import { Drawer } from '@/components/ui/drawer'
import { count, duration } from '@/lib/format'
import styles from './base-policy.module.css'

/** What a robot can do before it is taught: the policy that its trainings start from. */
export function BasePolicy({
  base,
  onToggle,
}: {
  base: BaseInfo
  onToggle: (open: boolean) => void
}) {
  const { quality } = base
  const [open, setOpen] = useState(false)
  const toggle = (now: boolean) => {
    setOpen(now)
    onToggle(now)
  }
  return (
    <Drawer title="It walks already: see how well" onToggle={toggle}>
      <dl className={styles.facts}>
        {base.clip && (
          <>
            <dt>The clip</dt>
            <dd>ahead, turning left, to the left, backwards, standing</dd>
          </>
        )}
        {quality && (
          <>
            <dt>Velocity error</dt>
            <dd>
              {quality.velocity_error.toFixed(2)} m/s, {quality.turn_error.toFixed(2)} rad/s
            </dd>
            <dt>Falls</dt>
            <dd>{falls(Math.max(quality.falls_per_minute, quality.falls_per_minute_pushed))}</dd>
          </>
        )}
        <dt>Trained for</dt>
        <dd>
          {count(base.steps)} steps
          {base.seconds !== null && `, ${duration(base.seconds)} on ${base.machine}`}
        </dd>
      </dl>
      <LiveButton
        models={[{ name: 'Base policy', model: base.model, metric: null }]}
        title="Steer it"
        seen={open}
      >
        Live <span className="visually-hidden">Steer it</span>
      </LiveButton>
    </Drawer>
  )
}

/** How often it falls at worst, walking freely or pushed: which of both it is, is chance. */
function falls(perMinute: number): string {
  if (perMinute === 0) return 'never, even when it is pushed'
  return `about once in ${duration(60 / perMinute)}, even when it is pushed`
}
