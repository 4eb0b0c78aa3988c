import { useEffect, useId, useSyncExternalStore } from 'react'

/** How many clips play at once among those that take turns. */
const MOST = 3

let waiting: readonly string[] = [] // who asked first is first
const listeners = new Set<() => void>()

function change(next: readonly string[]): void {
  waiting = next
  for (const tell of listeners) tell()
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** Whether it is one's turn to play: only a few have it at once, and who is `wanted` goes first. */
export function useTurn(asks: boolean, wanted: boolean): boolean {
  const me = useId()
  useEffect(() => {
    if (!asks) return
    const others = waiting.filter((each) => each !== me)
    change(wanted ? [me, ...others] : [...others, me])
    return () => change(waiting.filter((each) => each !== me))
  }, [asks, wanted, me])
  return useSyncExternalStore(
    subscribe,
    () => waiting.indexOf(me) >= 0 && waiting.indexOf(me) < MOST,
  )
}
