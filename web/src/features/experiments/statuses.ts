import type { ExperimentStatus } from '@/api/types'

/** What the list can be narrowed to. */
export const FILTERS = {
  drafts: { label: 'Drafts', statuses: ['draft'] },
  training: { label: 'Training', statuses: ['queued', 'running', 'stopping'] },
  finished: { label: 'Finished', statuses: ['finished', 'incomplete'] },
  stopped: { label: 'Stopped or failed', statuses: ['cancelled', 'interrupted', 'failed'] },
} as const satisfies Record<string, { label: string; statuses: readonly ExperimentStatus[] }>

export type Filter = keyof typeof FILTERS

export const isFilter = (name: string | null): name is Filter => name !== null && name in FILTERS

const WORDS: Record<ExperimentStatus, string> = {
  draft: 'Draft',
  queued: 'In line',
  running: 'Training',
  stopping: 'Stopping',
  finished: 'Finished',
  incomplete: 'Finished in part',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
}

export const statusWords = (status: ExperimentStatus) => WORDS[status]
