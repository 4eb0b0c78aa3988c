import type { Approach, ApproachStatus } from '@/api/types'
import { sentenceCase } from '@/lib/format'
import { Chip, VerdictChip } from './chip'
import type { IconName } from './icon'

type Look = { tone: 'plain' | 'pass' | 'review' | 'fail' | 'hue'; icon: IconName; says?: string }

const LOOKS: Record<ApproachStatus, Look> = {
  proposed: { tone: 'plain', icon: 'clock' },
  checking: { tone: 'plain', icon: 'clock', says: 'being checked' },
  refused: { tone: 'fail', icon: 'cross' },
  ready: { tone: 'hue', icon: 'check' },
  queued: { tone: 'plain', icon: 'clock', says: 'in line' },
  training: { tone: 'hue', icon: 'spark' },
  finished: { tone: 'pass', icon: 'check' },
  failed: { tone: 'fail', icon: 'warning' },
  cancelled: { tone: 'plain', icon: 'stop', says: 'stopped' },
  interrupted: { tone: 'review', icon: 'warning' },
}

/** Where an approach stands; once it is judged, the verdict. */
export function StatusChip({ approach }: { approach: Pick<Approach, 'status' | 'verdict'> }) {
  if (approach.status === 'finished' && approach.verdict) {
    return <VerdictChip verdict={approach.verdict} />
  }
  const { tone, icon, says } = LOOKS[approach.status]
  return (
    <Chip tone={tone} icon={icon}>
      {sentenceCase(says ?? approach.status)}
    </Chip>
  )
}
