import type { Approach } from '@/api/types'
import { duration } from '@/lib/format'

const PHASES: Record<Approach['phase'], string> = {
  queued: 'Waits for the machine',
  proposing: 'Being thought up',
  checking: 'Being checked',
  compiling: 'Warming up',
  training: 'Practising',
  rendering: 'Filming the clip',
  done: 'Done',
}

/** What happens now, in words. */
export function now(approach: Approach): string {
  if (approach.status === 'failed') return 'Something went wrong'
  if (approach.status === 'cancelled') return 'Cancelled'
  if (approach.status === 'interrupted') return 'Interrupted when the studio stopped'
  return PHASES[approach.phase]
}

/** How long it will still take, or when it begins. */
export function wait(approach: Approach): string {
  if (approach.queue) {
    const { position, estimated_start_s: start } = approach.queue
    const when = start > 0 ? `, starts in about ${duration(start)}` : ''
    return `${position === 1 ? 'Next in line' : `Number ${position} in line`}${when}`
  }
  if (approach.phase === 'training' && approach.seconds_left !== null) {
    return `${duration(approach.seconds_left)} left`
  }
  return ''
}

/** Share of the whole job, 0 to 1; null while it cannot be told. */
export function share(approach: Approach): number | null {
  if (approach.status === 'finished') return 1
  if (approach.phase === 'training' && approach.num_steps) {
    return approach.step / approach.num_steps
  }
  if (approach.phase === 'rendering') return approach.progress ?? 1
  return approach.status === 'queued' ? 0 : null
}
