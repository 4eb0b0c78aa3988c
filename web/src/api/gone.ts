import { useSyncExternalStore } from 'react'
import type { Source } from './types'

let gone: ReadonlySet<string> = new Set()
const watchers = new Set<() => void>()

export const nameOf = ({ kind, id }: Source) => `${kind}/${id}`

/** The names of what was deleted while this page is open: Back brings none of it to life. */
export function useGone(): ReadonlySet<string> {
  return useSyncExternalStore(watch, () => gone)
}

/** Take something for deleted; or not any more, if that is undone. */
export function setGone(source: Source, is: boolean): void {
  const others = [...gone].filter((name) => name !== nameOf(source))
  gone = new Set(is ? [...others, nameOf(source)] : others)
  for (const tell of watchers) tell()
}

function watch(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}
