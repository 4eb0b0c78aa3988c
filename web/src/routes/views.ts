import type { Experiment } from '@/api/types'
import { isActive, wasTrained } from '@/lib/approaches'

export type View = 'approaches' | 'training' | 'compare'

/** Views that have something to show. */
export function openViews({ approaches }: Experiment): View[] {
  const views: View[] = ['approaches']
  if (approaches.some(wasTrained)) views.push('training')
  if (approaches.some((a) => a.files.clip)) views.push('compare')
  return views
}

/** The view of the address where it is open, else the one that matters now. */
export function viewOf(experiment: Experiment, asked: string | null): View {
  const open = openViews(experiment)
  const found = open.find((view) => view === asked)
  if (found) return found
  if (experiment.approaches.some(isActive)) return 'training'
  return open.includes('compare') ? 'compare' : (open.at(-1) ?? 'approaches')
}
