import type { ReactNode } from 'react'
import type { Verdict } from '@/api/types'
import { classes } from '@/lib/classes'
import { SAYS } from '@/lib/verdict'
import styles from './chip.module.css'
import { Icon, type IconName } from './icon'

type Tone = 'plain' | 'pass' | 'review' | 'yet' | 'fail' | 'hue' | 'sun'

export function Chip({
  tone = 'plain',
  icon,
  children,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
}) {
  return (
    <span className={classes(styles.chip, styles[tone])}>
      {icon && <Icon name={icon} size={15} />}
      {children}
    </span>
  )
}

const VERDICTS: Record<Verdict, { tone: Tone; icon: IconName }> = {
  pass: { tone: 'pass', icon: 'check' },
  'needs review': { tone: 'review', icon: 'eye' },
  fail: { tone: 'yet', icon: 'clock' },
}

/** The judge's word, as people say it; sign and colour say the same. */
export function VerdictChip({ verdict }: { verdict: Verdict }) {
  return <Chip {...VERDICTS[verdict]}>{SAYS[verdict]}</Chip>
}
