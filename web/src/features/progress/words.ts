import type { Approach } from '@/api/types'
import { isActive } from '@/lib/approaches'
import { duration } from '@/lib/format'
import { dollars } from '@/lib/usage'

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
  if (isStopping(approach)) return 'Stopping'
  if (approach.status === 'failed') return 'Something went wrong'
  if (approach.status === 'cancelled') return 'Stopped'
  if (approach.status === 'interrupted') return 'Interrupted'
  if (learnedEarly(approach)) return 'Learned it early'
  if (approach.phase === 'training' && approach.goal) return 'Still getting better, goes on'
  return PHASES[approach.phase]
}

/** Steps that it trains for: more than were planned once it goes on. */
export const aim = ({ goal, num_steps }: Approach) => goal ?? num_steps

/** Whether it ended before its steps were made, since nothing was left to learn. */
const learnedEarly = ({ status, step, num_steps }: Approach) =>
  status === 'finished' && step < (num_steps ?? 0)

/** Whether it was asked to end early, and has not ended. */
export const isStopping = (approach: Approach) => approach.stopping && isActive(approach)

/** What became of a training that somebody ended. */
export function afterStop(approach: Approach): string {
  return approach.files.policy
    ? 'Stopped. It keeps what it learned so far.'
    : 'Stopped before it had learned anything.'
}

/** What it runs on and what that costs: nothing of either on this machine. */
export function place({ where, cost_usd: cost }: Approach): string {
  return [where, cost === null ? '' : `about ${dollars(cost)}`].filter(Boolean).join(', ')
}

/** How long it will still take, or when it begins. */
export function wait(approach: Approach): string {
  if (isStopping(approach)) return 'keeps what it learned'
  if (approach.queue) {
    const { position, estimated_start_s: start } = approach.queue
    const when = start > 0 ? `, in about ${duration(start)}` : ''
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
  const steps = aim(approach)
  if (approach.phase === 'training' && steps) return approach.step / steps
  if (approach.phase === 'rendering') return approach.progress ?? 1
  if (!isActive(approach)) return steps ? approach.step / steps : 0
  return approach.status === 'queued' ? 0 : null
}
