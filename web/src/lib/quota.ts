import type { QuotaInfo } from '@/api/types'

/** From where it is said before it hurts. */
export const FULL = 0.8

export type Part = 'minutes' | 'jobs' | 'megabytes'
export const PARTS: Record<Part, { name: string; unit: string }> = {
  minutes: { name: 'Training today', unit: 'min' },
  jobs: { name: 'Trainings at once', unit: '' },
  megabytes: { name: 'Kept on the disk', unit: 'MB' },
}

/** What is nearly used up, in words; empty where nothing is. */
export function nearlyUsed(quota: QuotaInfo | null | undefined): string {
  if (!quota) return ''
  return parts(quota)
    .filter(({ part, used, most }) => most !== null && part !== 'jobs' && used >= FULL * most)
    .map(({ part, used, most }) => `${PARTS[part].name}: ${usedOf(part, used, most)}.`)
    .join(' ')
}

/** What a person may use of each, and uses. */
export function parts(quota: QuotaInfo) {
  return (Object.keys(PARTS) as Part[]).map((part) => ({
    part,
    used: quota[`${part}_used`],
    most: quota[part],
  }))
}

/** `12 of 120 min`. */
export function usedOf(part: Part, used: number, most: number | null): string {
  const unit = PARTS[part].unit
  const number = (value: number) => Math.round(value).toLocaleString('en')
  return `${number(used)}${most === null ? '' : ` of ${number(most)}`}${unit && ` ${unit}`}`
}
