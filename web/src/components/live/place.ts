import { useCallback, useState } from 'react'
import { useStored } from '@/lib/storage'
import type { Place } from './runner'

/** Where robots run: as this browser was told last, and on the server where the page cannot. */
export function usePlace(served: boolean) {
  const [wanted, setWanted] = useStored<Place>('live-place', 'page')
  const [trouble, setTrouble] = useState<string | null>(null)
  const place: Place = served && (wanted === 'server' || trouble !== null) ? 'server' : 'page'
  const choose = (next: Place) => {
    setTrouble(null)
    setWanted(next)
  }
  /** The robots cannot run where they should; whether the server is asked instead. */
  const fail = useCallback(
    (message: string) => {
      const helps = served && place === 'page'
      if (helps) setTrouble(message)
      return helps
    },
    [served, place],
  )
  return { place, trouble, choose, fail }
}
