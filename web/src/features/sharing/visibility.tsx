import { useState } from 'react'
import { useVisibility } from '@/api/account'
import type { Experiment, Visibility as Value } from '@/api/types'
import { ProblemNotice } from '@/components/ui/notice'
import styles from './share-button.module.css'

const CHOICES: Record<Value, { name: string; told: string }> = {
  private: { name: 'Private', told: 'You and the studio’s owners. A link you gave away is shut.' },
  link: { name: 'By link', told: 'Whoever has the link can watch.' },
  public: { name: 'Public', told: 'Anybody finds it in Explore, with your name.' },
}

/** Who may see an experiment on a studio with accounts. */
export function Visibility({ experiment }: { experiment: Experiment }) {
  const change = useVisibility(experiment.id)
  const [asked, ask] = useState<Value | null>(null) // shown at once, whatever comes of it
  const shown = asked ?? experiment.visibility
  return (
    <fieldset className={styles.choices}>
      <legend>Who may see it</legend>
      {(Object.keys(CHOICES) as Value[]).map((value) => (
        <label key={value} className={styles.choice}>
          <input
            type="radio"
            name="visibility"
            value={value}
            checked={shown === value}
            onChange={() => {
              ask(value)
              change.mutate(value, { onSettled: () => ask(null) })
            }}
          />
          <span>
            <strong>{CHOICES[value].name}</strong>
            <small>{CHOICES[value].told}</small>
          </span>
        </label>
      ))}
      <ProblemNotice error={change.error} title="Not changed" />
    </fieldset>
  )
}
