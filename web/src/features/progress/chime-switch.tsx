import type { Experiment } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { isActive } from '@/lib/approaches'
import { useChime } from './use-chime'

/** Rings when all trainings are done, unless it is muted. */
export function ChimeSwitch({ experiment }: { experiment: Experiment }) {
  const { muted, toggle } = useChime(experiment.approaches.filter(isActive).length)
  return (
    <IconButton
      name={muted ? 'mute' : 'sound'}
      label={muted ? 'Ring when all are done' : 'Do not ring when all are done'}
      onClick={toggle}
    />
  )
}
