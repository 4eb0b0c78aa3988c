import { type FormEvent, useState } from 'react'
import { useAddToLibrary } from '@/api/explore'
import type { ExploreItem } from '@/api/types'
import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import styles from './explore.module.css'

/** Copies what passed into the library of the studio. */
export function AddToLibrary({
  item,
  hosted,
  onDone,
}: {
  item: ExploreItem
  hosted: boolean
  onDone: () => void
}) {
  const [licence, setLicence] = useState('')
  const [by, setBy] = useState('')
  const add = useAddToLibrary()
  const toast = useToast()
  const approach = item.approaches.find((each) => each.id === item.fit)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!item.share_id || !item.fit) return
    add.mutate(
      { share_id: item.share_id, approach: item.fit, licence: licence.trim(), by: by.trim() },
      {
        onSuccess: () => {
          toast.say(`“${item.sentence}” is in the library.`)
          onDone()
        },
      },
    )
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <p>
        A copy of <strong>{approach?.name}</strong>, its policy, reward and metric, stays in the
        library. Whoever asks {item.robot_name} for the same begins with it.
      </p>
      {hosted ? (
        item.by && <p>It says that {item.by} taught it.</p>
      ) : (
        <label className={styles.label}>
          Who taught it (may stay empty)
          <input maxLength={80} value={by} onChange={(event) => setBy(event.target.value)} />
        </label>
      )}
      <label className={styles.label}>
        Licence (may stay empty)
        <input
          maxLength={80}
          placeholder="CC-BY-4.0"
          value={licence}
          onChange={(event) => setLicence(event.target.value)}
        />
      </label>
      <ProblemNotice error={add.error} title="Not added" />
      <Button type="submit" look="primary" busy={add.isPending}>
        Add it
      </Button>
    </form>
  )
}
