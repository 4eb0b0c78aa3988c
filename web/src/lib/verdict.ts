import type { Verdict } from '@/api/types'

/** The verdicts as people read them; the data keep `pass`, `needs review` and `fail`. */
export const SAYS: Record<Verdict, string> = {
  pass: 'Does it',
  'needs review': 'Look for yourself',
  fail: 'Not yet',
}
