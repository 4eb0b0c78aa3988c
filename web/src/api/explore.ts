import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { client, unwrap } from './client'
import { libraryQuery } from './queries'
import type { components, paths } from './schema'

type Body<Name extends keyof components['schemas']> = components['schemas'][Name]
type Query = NonNullable<paths['/api/explore']['get']['parameters']['query']>

/** What is looked for; what is undefined is not asked for. */
export type Asked = Pick<Query, 'q' | 'robot' | 'behaviour' | 'proposer' | 'verdict' | 'order'>

const EXPLORE = ['explore'] as const

export const exploreQuery = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: [...EXPLORE, asked],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/explore', {
          params: { query: { ...asked, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 10_000,
  })

export const reportsQuery = queryOptions({
  queryKey: ['people', 'reports'],
  queryFn: () => unwrap(client.GET('/api/reports')),
  staleTime: 0,
})

/** What changes what is shown: all that the pages know of it is asked for again. */
function useShowing<Given, Made>(mutationFn: (given: Given) => Promise<Made>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all(
        [EXPLORE, reportsQuery.queryKey, libraryQuery.queryKey].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  })
}

export function useReport(share: string) {
  return useMutation({
    mutationFn: (body: Body<'ReportRequest'>) =>
      unwrap(
        client.POST('/api/shared/{share_id}/reports', {
          params: { path: { share_id: share } },
          body,
        }),
      ),
  })
}

export function useHide() {
  return useShowing(({ id, hidden }: { id: string; hidden: boolean }) =>
    unwrap(
      client.PUT('/api/experiments/{id}/hidden', { params: { path: { id } }, body: { hidden } }),
    ),
  )
}

export function useDismiss() {
  return useShowing((id: string) =>
    unwrap(client.DELETE('/api/experiments/{id}/reports', { params: { path: { id } } })),
  )
}

export function useAddToLibrary() {
  return useShowing((body: Body<'LibraryRequest'>) => unwrap(client.POST('/api/library', { body })))
}

export function useRemoveFromLibrary() {
  return useShowing((name: string) =>
    unwrap(client.DELETE('/api/library/{name}', { params: { path: { name } } })),
  )
}
