import { useState } from 'react'
import type { BaseInfo } from '@/api/types'
import { LoopingClip } from '@/components/clip/looping-clip'
import { Drawer } from '@/components/ui/drawer'
import { count, duration, number } from '@/lib/format'
import { reducedMotion } from '@/lib/motion'
import styles from './base-policy.module.css'

/** What a robot can do before it is taught: the policy that its trainings start from. */
export function BasePolicy({ base }: { base: BaseInfo }) {
  const [open, setOpen] = useState(false)
  const { quality, clip } = base
  return (
    <Drawer title="It walks already: see how well" onToggle={setOpen}>
      <div className={styles.base}>
        {open && clip && (
          <figure>
            {reducedMotion() ? (
              // biome-ignore lint/a11y/useMediaCaption: a silent clip
              <video src={clip} controls playsInline preload="metadata" />
            ) : (
              <LoopingClip src={clip} />
            )}
            <figcaption>Ahead, turning left, to the left, backwards, standing.</figcaption>
          </figure>
        )}
        <dl>
          {quality && (
            <>
              <dt>Keeps a commanded velocity to</dt>
              <dd>
                {number(quality.velocity_error)} m/s, {number(quality.turn_error)} rad/s
              </dd>
              <dt>Falls</dt>
              <dd>
                {number(quality.falls_per_minute)} times a minute,{' '}
                {number(quality.falls_per_minute_pushed)} when pushed
              </dd>
            </>
          )}
          <dt>Trained for</dt>
          <dd>
            {count(base.steps)} steps
            {base.seconds !== null && `, ${duration(base.seconds)} on ${base.machine}`}
          </dd>
        </dl>
      </div>
    </Drawer>
  )
}
