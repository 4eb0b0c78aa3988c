import type { Approach } from '@/api/types'

const key = (experiment: string, approach: Approach) => `tabrl.draft.${experiment}.${approach.id}`

/** Code that was typed and not kept; it outlives the editor and a reload of this tab. */
export function draftOf(experiment: string, approach: Approach): string | null {
  try {
    return sessionStorage.getItem(key(experiment, approach))
  } catch {
    return null // Private windows may forbid it: then a draft lasts as long as the editor.
  }
}

/** Remember what is typed; forget it where it is what the approach has anyway. */
export function keepDraft(experiment: string, approach: Approach, source: string): void {
  try {
    if (source === approach.source) sessionStorage.removeItem(key(experiment, approach))
    else sessionStorage.setItem(key(experiment, approach), source)
  } catch {
    // As above.
  }
}
