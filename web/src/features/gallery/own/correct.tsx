import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { additionQuery, ended, useCorrect, useRefresh } from '@/api/own-robots'
import type { Correction, CustomRobot } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { Making } from './making'
import styles from './panel.module.css'

type Said = Record<'kind' | 'forward' | 'base', string>

const saidOf = ({ said }: CustomRobot): Said => ({
  kind: said.kind ?? '',
  forward: said.forward ?? '',
  base: said.base ?? '',
})

/** Says what was misunderstood of a robot, and has it made again. */
export function Correct({ robot }: { robot: CustomRobot }) {
  const correct = useCorrect(robot.id)
  const refresh = useRefresh()
  const [said, setSaid] = useState(saidOf(robot))
  const [asked, setAsked] = useState('')
  const { data, error } = useQuery(additionQuery(asked))
  const addition = asked ? data : undefined
  const before = saidOf(robot)
  const changed = Object.entries(said).some(([name, word]) => word !== before[name as keyof Said])

  const added = addition?.state === 'added'
  useEffect(() => {
    if (added) void refresh(robot.id).then(() => setAsked(''))
  }, [added, refresh, robot.id])

  function send() {
    const body = Object.fromEntries(
      Object.entries(said).map(([name, word]) => [name, word || null]),
    ) as Correction
    setAsked('')
    correct.mutate(body, { onSuccess: ({ id }) => setAsked(id) })
  }

  const making = added || (addition !== undefined && !ended(addition))
  if (robot.fixed_since && !making) {
    return <Notice title="It cannot be corrected" detail={robot.fixed_since} />
  }
  const choice = (name: keyof Said, label: string, seen: string, choices: readonly string[]) =>
    choices.length > 1 && (
      <label className={styles.select}>
        {label}
        <select
          value={said[name]}
          disabled={making}
          onChange={(event) => setSaid({ ...said, [name]: event.target.value })}
        >
          <option value="">{before[name] ? 'as seen' : `as seen: ${seen}`}</option>
          {choices.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    )
  if (![robot.kinds, robot.ways, robot.bases].some((choices) => choices.length > 1)) return null
  return (
    <fieldset className={styles.correct}>
      <legend>Is that wrong?</legend>
      <div className={styles.row}>
        {choice('kind', 'Kind', robot.type, robot.kinds)}
        {choice('forward', 'Ahead', robot.forward ?? '', robot.ways)}
        {choice('base', 'Base', robot.floats ? 'floating' : 'fixed', robot.bases)}
      </div>
      <Button icon="retry" disabled={!changed} busy={correct.isPending || making} onClick={send}>
        Make it again
      </Button>
      {making && <Making addition={addition} />}
      <ProblemNotice error={correct.error ?? error} title="It stays as it was" />
      {addition?.state === 'failed' && (
        <Notice
          tone="fail"
          title="It stays as it was"
          detail={[addition.error, addition.hint].filter(Boolean).join(' ')}
        />
      )}
    </fieldset>
  )
}
