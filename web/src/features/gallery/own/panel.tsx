import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { additionQuery, ended, type Given, useAdd, useRefresh } from '@/api/own-robots'
import { Button } from '@/components/ui/button'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { Choose } from './choose'
import { Making } from './making'
import styles from './panel.module.css'
import { Understood } from './understood'
import type { SetWay, Way } from './way'

/** From a file to a robot that can be taught. */
export function Panel({
  way,
  onWay,
  onTeach,
  onRemoved,
}: {
  way: Way
  onWay: SetWay
  onTeach: (id: string) => void
  onRemoved: (id: string) => void
}) {
  const add = useAdd()
  const refresh = useRefresh()
  const asked = useQuery(additionQuery(way.addition))
  const addition = way.addition ? asked.data : undefined
  const added = addition?.state === 'added' ? addition.robot : null

  useEffect(() => {
    if (added) {
      void refresh(added).then(() => onWay((way) => ({ ...way, addition: '', robot: added })))
    }
  }, [added, refresh, onWay])

  function send(given: Given) {
    onWay({ given, addition: '', robot: '' })
    add.mutate(given, { onSuccess: ({ id }) => onWay({ given, addition: id, robot: '' }) })
  }

  if (way.robot) return <Understood key={way.robot} id={way.robot} {...{ onTeach, onRemoved }} />
  const making = add.isPending || added || (addition && !ended(addition))
  if (making) return <Making addition={addition} given={way.given} />
  const { given } = way
  return (
    <div className={styles.panel}>
      <ProblemNotice error={add.error ?? asked.error} title="It was not added" />
      {addition?.state === 'cancelled' && <Notice title={`${addition.source} was not added.`} />}
      {addition?.state === 'failed' && (
        <Notice
          tone={addition.choices.length ? 'review' : 'fail'}
          title={addition.choices.length ? 'Which one is it?' : `Not ${addition.source} as it is`}
          detail={[addition.error, addition.choices.length ? '' : addition.hint]
            .filter(Boolean)
            .join(' ')}
        >
          {given && 'file' in given && (
            <div className={styles.row}>
              {addition.choices.slice(0, 24).map((model) => (
                <Button key={model} size="small" onClick={() => send({ ...given, model })}>
                  {model}
                </Button>
              ))}
            </div>
          )}
        </Notice>
      )}
      <Choose onGiven={send} />
    </div>
  )
}
