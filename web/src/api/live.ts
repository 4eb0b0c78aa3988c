import type { Approach, Experiment, LiveMessage } from './types'

/** The experiment after a message; `null` once it was deleted. Untouched approaches keep their identity. */
export function applyMessage(
  experiment: Experiment | undefined,
  message: LiveMessage,
): Experiment | null | undefined {
  if (message.kind === 'state') return message.experiment
  if (message.kind === 'deleted') return null
  if (!experiment) return experiment
  if (message.kind === 'experiment') {
    const known = new Map(experiment.approaches.map((a) => [a.id, a]))
    const approaches = message.order.flatMap((id) => known.get(id) ?? [])
    return { ...experiment, ...message.experiment, approaches }
  }
  if (message.kind === 'approach') return withApproach(experiment, message.approach)
  const { id, points, ...fields } = message.approach
  const old = experiment.approaches.find((a) => a.id === id)
  if (!old) return experiment
  return withApproach(experiment, { ...old, ...fields, curve: appended(old.curve, points) })
}

function withApproach(experiment: Experiment, approach: Approach): Experiment {
  const known = experiment.approaches.some((a) => a.id === approach.id)
  const approaches = known
    ? experiment.approaches.map((a) => (a.id === approach.id ? approach : a))
    : [...experiment.approaches, approach]
  return { ...experiment, approaches }
}

/** Points that are new: after a reconnection the server may send one twice. */
function appended(curve: Approach['curve'], points: Approach['curve']): Approach['curve'] {
  const key = (p: Approach['curve'][number]) => `${p.step}/${Object.keys(p.numbers).length}`
  const seen = new Set(curve.slice(-points.length - 8).map(key))
  const fresh = points.filter((p) => !seen.has(key(p)))
  return fresh.length ? [...curve, ...fresh] : curve
}
