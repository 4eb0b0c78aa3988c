import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { nameOf, setGone, useGone } from './gone'
import { applyMessage } from './live'
import { experimentQuery, keys } from './queries'
import { type Connection, follow } from './socket'
import type { Experiment, Source } from './types'

/** An experiment that follows its WebSocket, how that is, and whether it was deleted meanwhile. */
export function useExperiment({ kind, id }: Source) {
  const queries = useQueryClient()
  const query = useQuery(experimentQuery({ kind, id }))
  const [connection, setConnection] = useState<Connection>('connecting')
  const deleted = useGone().has(nameOf({ kind, id }))
  const ended = query.isError || deleted

  useEffect(() => {
    if (ended) return
    const key = keys.experiment({ kind, id })
    return follow(
      { kind, id },
      {
        onConnection: setConnection,
        onMessage: (message) => {
          const before = queries.getQueryData<Experiment>(key)
          const after = applyMessage(before, message)
          if (after) queries.setQueryData(key, withVote(after, before))
          else if (after === null) setGone({ kind, id }, true)
        },
      },
    )
  }, [queries, kind, id, ended])

  return { ...query, connection, deleted }
}

/** Whose vote it was, a broadcast does not know. */
function withVote(after: Experiment, before: Experiment | undefined): Experiment {
  return after.my_vote === null && before ? { ...after, my_vote: before.my_vote } : after
}
