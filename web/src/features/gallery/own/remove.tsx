import { useState } from 'react'
import { useRefresh, useRemove } from '@/api/own-robots'
import type { CustomRobot } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Notice, ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import styles from './panel.module.css'

/** Removes a robot of one's own, once a person has said so twice. */
export function Remove({
  robot,
  onRemoved,
}: {
  robot: CustomRobot
  onRemoved: (id: string) => void
}) {
  const remove = useRemove(robot.id)
  const refresh = useRefresh()
  const toast = useToast()
  const [asking, setAsking] = useState(false)

  function go() {
    remove.mutate(undefined, {
      onSuccess: () => {
        toast.say(`Removed ${robot.name}.`)
        onRemoved(robot.id)
        void refresh(robot.id)
      },
    })
  }

  if (!asking) {
    return (
      <div>
        <Button look="plain" size="small" icon="trash" onClick={() => setAsking(true)}>
          Remove {robot.name}
        </Button>
      </div>
    )
  }
  return (
    <>
      <Notice
        tone="review"
        title={`Remove ${robot.name} for good?`}
        detail="What it was taught stays, to look at; it can learn no more."
      >
        <div className={styles.row}>
          <Button size="small" icon="trash" busy={remove.isPending} autoFocus onClick={go}>
            Yes, remove it
          </Button>
          <Button size="small" look="plain" onClick={() => setAsking(false)}>
            Keep it
          </Button>
        </div>
      </Notice>
      <ProblemNotice error={remove.error} title="It stays" />
    </>
  )
}
