import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { components } from './schema'

type Body<Name extends keyof components['schemas']> = components['schemas'][Name]

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: () => unwrap(client.GET('/api/people')),
  staleTime: 0,
})

export const auditQuery = infiniteQueryOptions({
  queryKey: ['people', 'audit'],
  queryFn: ({ pageParam }) =>
    unwrap(client.GET('/api/audit', { params: { query: { before: pageParam ?? undefined } } })),
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.next,
  staleTime: 0,
})

function useChange<Given, Made>(mutationFn: (given: Given) => Promise<Made>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleQuery.queryKey }),
  })
}

export function useInvite() {
  return useChange((body: Body<'InviteRequest'>) =>
    unwrap(client.POST('/api/invitations', { body })),
  )
}

export function useUninvite() {
  return useChange((id: string) =>
    unwrap(client.DELETE('/api/invitations/{id}', { params: { path: { id } } })),
  )
}

export function useChangePerson(id: string) {
  return useChange((body: Body<'MemberRequest'>) =>
    unwrap(client.PATCH('/api/people/{id}', { params: { path: { id } }, body })),
  )
}

export function useRemovePerson(id: string) {
  return useChange(() => unwrap(client.DELETE('/api/people/{id}', { params: { path: { id } } })))
}
