import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { client, unwrap } from '@/api/client'
import { weightsFor } from './terms'

const PAUSE_MS = 400

/** What the check finds in a source, some moments after it last changed. */
export function useCheck(robot: string, source: string, weights: Record<string, number>) {
  const settled = useSettled(source, PAUSE_MS)
  const query = useQuery({
    queryKey: ['check', robot, settled, weights],
    queryFn: () =>
      unwrap(
        client.POST('/api/training/check', {
          body: { robot, source: settled, weights: weightsFor(settled, weights), rolls: false },
        }),
      ),
    enabled: settled.trim().length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
    retry: false,
  })
  return { ...query, checking: query.isFetching || settled !== source }
}

function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
