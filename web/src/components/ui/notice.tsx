import type { ReactNode } from 'react'
import { ProblemError } from '@/api/client'
import { classes } from '@/lib/classes'
import { Icon } from './icon'
import styles from './notice.module.css'

/** Something to know, in place. */
export function Notice({
  tone = 'plain',
  title,
  detail,
  children,
}: {
  tone?: 'plain' | 'fail' | 'review'
  title: string
  detail?: string
  children?: ReactNode
}) {
  return (
    <div
      className={classes(styles.notice, styles[tone])}
      role={tone === 'fail' ? 'alert' : undefined}
    >
      {tone !== 'plain' && <Icon name="warning" />}
      <div className={styles.body}>
        <strong>{title}</strong>
        {detail && <p>{detail}</p>}
        {children}
      </div>
    </div>
  )
}

/** What went wrong with a request, in the server's words. */
export function ProblemNotice({ error, title }: { error: Error | null; title: string }) {
  if (!error) return null
  const hint = error instanceof ProblemError ? error.hint : ''
  return (
    <Notice tone="fail" title={title} detail={[error.message, hint].filter(Boolean).join(' ')} />
  )
}
