import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { ExperimentStatus, Hyperparameters, Source } from './types'

export const keys = {
  experiment: (source: Source) => ['experiment', source.kind, source.id] as const,
  experiments: ['experiments'] as const,
}

export const robotsQuery = queryOptions({
  queryKey: ['robots'],
  queryFn: () => unwrap(client.GET('/api/playground/models')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const robotQuery = (id: string) =>
  queryOptions({
    queryKey: ['robot', id],
    queryFn: () => unwrap(client.GET('/api/playground/{id}/info', { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What a reading may be corrected to. */
export const choicesQuery = (id: string) =>
  queryOptions({
    queryKey: ['choices', id],
    queryFn: () => unwrap(client.GET('/api/playground/{id}/choices', { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What a sentence asks of a robot; the answer to one that is no longer there is dropped. */
export const readingQuery = (robot: string, sentence: string) =>
  queryOptions({
    queryKey: ['reading', robot, sentence],
    queryFn: ({ signal }) =>
      unwrap(client.POST('/api/training/read', { body: { robot, sentence }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** What trainings would be and how long they would take; each training here teaches it. */
export const plansQuery = (
  id: string,
  approaches: number,
  { num_envs, unroll_length, num_minibatches }: Partial<Hyperparameters>,
  steps?: number,
) => {
  const query = { approaches, steps, num_envs, unroll_length, num_minibatches }
  return queryOptions({
    queryKey: ['plans', id, query],
    queryFn: () =>
      unwrap(client.GET('/api/playground/{id}/plan', { params: { path: { id }, query } })),
    staleTime: 30_000,
  })
}

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: () => unwrap(client.GET('/api/providers')),
  staleTime: 60_000,
})

/** Asked again and again: whether all is kept is nothing that a page hears otherwise. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: () => unwrap(client.GET('/api/health')),
  staleTime: 0,
  refetchInterval: 10_000,
})

export const libraryQuery = queryOptions({
  queryKey: ['library'],
  queryFn: () => unwrap(client.GET('/api/library')),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The WebSocket keeps it fresh, so it is asked for once. */
export const experimentQuery = (source: Source) =>
  queryOptions({
    queryKey: keys.experiment(source),
    queryFn: () =>
      source.kind === 'own'
        ? unwrap(client.GET('/api/experiments/{id}', { params: { path: { id: source.id } } }))
        : unwrap(
            client.GET('/api/shared/{share_id}', { params: { path: { share_id: source.id } } }),
          ),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The experiment that learned something last. */
export const lastQuery = queryOptions({
  queryKey: [...keys.experiments, 'last'],
  queryFn: () =>
    unwrap(
      client.GET('/api/experiments', {
        params: { query: { limit: 1, status: ['finished', 'incomplete'] } },
      }),
    ),
})

export const experimentsQuery = (q: string, status: readonly ExperimentStatus[] = []) =>
  infiniteQueryOptions({
    queryKey: [...keys.experiments, q, status],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/experiments', {
          params: { query: { q, status: [...status], cursor: pageParam ?? undefined } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    refetchInterval: 5_000, // others start experiments too, and so does the command line
  })
