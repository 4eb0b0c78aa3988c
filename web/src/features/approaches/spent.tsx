import type { Usage } from '@/api/types'
import { spent } from '@/lib/usage'
import styles from './spent.module.css'

const ABOUT: Record<Usage['answers'][number]['purpose'], string> = {
  approaches: 'Approaches',
  metric: 'Judge',
  commands: 'Commands',
  improve: 'Improvement',
  test: 'Test',
}

/** What a language model has taken, all together and answer by answer. */
export function Spent({ title, usage }: { title: string; usage: Usage }) {
  const { requests, answers } = usage
  return (
    <details className={styles.spent}>
      <summary>
        {title}: {requests} {requests === 1 ? 'answer' : 'answers'}, {spent(usage)}
      </summary>
      <ol>
        {answers.map((answer, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: answers are only ever appended
          <li key={index}>
            <b>{ABOUT[answer.purpose]}</b>
            {answer.trouble || `${spent(answer)}, ${answer.seconds.toFixed(1)} s`}
            {answer.model && <code>{answer.model}</code>}
          </li>
        ))}
      </ol>
    </details>
  )
}
