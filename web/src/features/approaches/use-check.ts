import { useQuery } from '@tanstack/react-query'
import { client, unwrap } from '@/api/client'
import { useSettled } from '@/lib/use-settled'
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
          body: { robot, source: settled, weights: weightsFor(settled, weights), rollouts: false },
        }),
      ),
    enabled: settled.trim().length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
    retry: false,
  })
  return { ...query, checking: query.isFetching || settled !== source }
}
