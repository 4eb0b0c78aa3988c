import { type FormEvent, useState } from 'react'
import { useReport } from '@/api/explore'
import type { ReportReason } from '@/api/types'
import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/notice'
import { useToast } from '@/components/ui/toast'
import styles from './explore.module.css'

export const REASONS: Record<ReportReason, string> = {
  offensive: 'It is offensive',
  copied: 'It is somebody else’s work',
  misleading: 'It is not what it says',
  spam: 'It is spam',
  other: 'Something else',
}

/** Tells the studio's owners what is wrong. */
export function Report({ share, onDone }: { share: string; onDone: () => void }) {
  const [reason, setReason] = useState<ReportReason>('offensive')
  const [text, setText] = useState('')
  const report = useReport(share)
  const toast = useToast()

  function submit(event: FormEvent) {
    event.preventDefault()
    report.mutate(
      { reason, text: text.trim() },
      {
        onSuccess: () => {
          toast.say('Thank you. The owners of the studio will look at it.')
          onDone()
        },
      },
    )
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">Reason</legend>
        {(Object.keys(REASONS) as ReportReason[]).map((value) => (
          <label key={value} className={styles.choice}>
            <input
              type="radio"
              name="reason"
              checked={value === reason}
              onChange={() => setReason(value)}
            />
            {REASONS[value]}
          </label>
        ))}
      </fieldset>
      <label className={styles.label}>
        What should they know?
        <textarea
          rows={3}
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <ProblemNotice error={report.error} title="Not reported" />
      <Button type="submit" look="primary" busy={report.isPending}>
        Report it
      </Button>
    </form>
  )
}
