import { useEffect, useRef } from 'react'
import { useStored } from '@/lib/storage'
import { chime } from './chime'

/** Rings when the last training ends while the page is open; can be muted for good. */
export function useChime(active: number) {
  const [muted, setMuted] = useStored<'yes' | 'no'>('muted', 'no')
  const before = useRef(active)
  useEffect(() => {
    if (before.current > 0 && active === 0 && muted === 'no') chime()
    before.current = active
  }, [active, muted])
  return { muted: muted === 'yes', toggle: () => setMuted(muted === 'yes' ? 'no' : 'yes') }
}
