import { useState } from 'react'
import { IconButton } from '@/components/ui/button'
import styles from './prompts.module.css'

const SHOWN = 4

/** Sentences to start from. */
export function Prompts({
  prompts,
  onPick,
}: {
  prompts: readonly string[]
  onPick: (sentence: string) => void
}) {
  const [from, setFrom] = useState(0)
  if (!prompts.length) return <div className={styles.prompts} />
  const shown = Array.from(
    { length: Math.min(SHOWN, prompts.length) },
    (_, i) => prompts[(from + i) % prompts.length] ?? '',
  )
  return (
    <ul className={styles.prompts} aria-label="Ideas">
      {shown.map((prompt) => (
        <li key={prompt}>
          <button type="button" className={styles.prompt} onClick={() => onPick(prompt)}>
            {prompt}
          </button>
        </li>
      ))}
      {prompts.length > SHOWN && (
        <li>
          <IconButton
            name="retry"
            size={18}
            label="Other ideas"
            onClick={() => setFrom(from + SHOWN)}
          />
        </li>
      )}
    </ul>
  )
}
