import type { Finding } from '@/api/types'
import { Icon } from '@/components/ui/icon'
import styles from './findings.module.css'

/** What the check found, each with what would be valid. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (!findings.length) return null
  return (
    <ul className={styles.findings}>
      {findings.map((finding) => (
        <li
          key={`${finding.line}${finding.message}`}
          className={finding.severity === 'error' ? styles.error : styles.warning}
        >
          <Icon name={finding.severity === 'error' ? 'cross' : 'warning'} size={16} />
          <p>
            {finding.line !== null && <b>Line {finding.line}: </b>}
            {ended(finding)} {finding.hint && <span className={styles.hint}>{finding.hint}</span>}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** The message, with a full stop where a hint follows. */
const ended = ({ message, hint }: Finding) =>
  hint && !/[.!?]$/.test(message) ? `${message}.` : message
