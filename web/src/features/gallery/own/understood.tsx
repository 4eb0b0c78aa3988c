import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { ownRobotQuery, useRename } from '@/api/own-robots'
import type { CustomRobot } from '@/api/types'
import { RobotPicture } from '@/components/robot/picture'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { ProblemNotice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { reducedMotion } from '@/lib/motion'
import { Correct } from './correct'
import styles from './panel.module.css'
import { Remove } from './remove'

type Done = { onTeach: (id: string) => void; onRemoved: (id: string) => void }

/** What was made of a model: to look at, to correct, to name, to teach. */
export function Understood({ id, ...done }: Done & { id: string }) {
  const { data: robot, error } = useQuery(ownRobotQuery(id))
  if (robot) return <Facts robot={robot} {...done} />
  return error ? (
    <ProblemNotice error={error} title="Nothing is known of it" />
  ) : (
    <Skeleton height="24rem" />
  )
}

function Facts({ robot, onTeach, onRemoved }: Done & { robot: CustomRobot }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={styles.halves}>
      <div className={styles.half}>
        <div className={styles.picture}>
          <RobotPicture key={robot.thumbnail} robot={robot} playing={!reducedMotion()} eager />
        </div>
        <h3 ref={heading} tabIndex={-1}>
          {robot.name}
        </h3>
        <p className={styles.soft}>
          {robot.source && `From ${robot.source}. `}
          {robot.dof} joints with motors, {robot.mass.toPrecision(3)} kg
          {robot.floats && `, its base ${robot.height.toFixed(2)} m above the ground`}.
        </p>
        <Name robot={robot} onTeach={onTeach} />
        <Remove robot={robot} onRemoved={onRemoved} />
      </div>
      <div className={styles.half}>
        <dl className={styles.facts}>
          <Fact name="Kind">{robot.type}</Fact>
          <Fact name="Base">{robot.floats ? 'moves freely' : 'stands where it is'}</Fact>
          {robot.forward && <Fact name="Ahead">{robot.forward} of the file’s base</Fact>}
          {robot.feet.length > 0 && <Fact name="Feet">{robot.feet.join(', ')}</Fact>}
          {robot.hands.length > 0 && <Fact name="Hands">{robot.hands.join(', ')}</Fact>}
        </dl>
        <Correct robot={robot} />
        {robot.notes.length > 0 && (
          <section aria-label="What was assumed">
            <h4>What was assumed</h4>
            <ul className={styles.notes}>
              {robot.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
        <section aria-label="Sentences to try">
          <h4>Sentences to try</h4>
          <ul className={styles.notes}>
            {robot.prompts.slice(0, 4).map((prompt) => (
              <li key={prompt}>“{prompt}”</li>
            ))}
          </ul>
        </section>
        <Drawer title={`${robot.groups.length} groups of joints`}>
          <dl className={styles.facts}>
            {robot.groups.map(({ name, joints }) => (
              <Fact key={name} name={name.replaceAll('_', ' ')}>
                {joints.join(', ')}
              </Fact>
            ))}
          </dl>
        </Drawer>
      </div>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** What to call it, and on to the sentence. */
function Name({ robot, onTeach }: { robot: CustomRobot; onTeach: (id: string) => void }) {
  const rename = useRename(robot.id)
  const [name, setName] = useState(robot.name)
  const wanted = name.trim()

  function teach(event: FormEvent) {
    event.preventDefault()
    if (!wanted || wanted === robot.name) onTeach(robot.id)
    else rename.mutate(wanted, { onSuccess: () => onTeach(robot.id) })
  }

  return (
    <form className={styles.name} onSubmit={teach}>
      <label htmlFor="own-name">Call it</label>
      <input
        id="own-name"
        value={name}
        maxLength={60}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" look="primary" icon="spark" busy={rename.isPending}>
        Teach it
      </Button>
      <ProblemNotice error={rename.error} title="It keeps its name" />
    </form>
  )
}
