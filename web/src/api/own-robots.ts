import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { client, unwrap } from './client'
import { robotsQuery } from './queries'
import type { AdditionStatus, Correction } from './types'

const LOOK_MS = 400

/** What a robot is to be made of: a file, or a name of MuJoCo Menagerie. */
export type Given = { file: Blob; name: string; model?: string } | { menagerie: string }

export const ended = ({ state }: AdditionStatus) => state !== 'waiting' && state !== 'working'

export const menagerieQuery = queryOptions({
  queryKey: ['menagerie'],
  queryFn: () => unwrap(client.GET('/api/playground/robots/menagerie')),
})

/** Asked again and again until the robot is there, or is not going to be. */
export const additionQuery = (addition: string) =>
  queryOptions({
    queryKey: ['addition', addition],
    queryFn: () =>
      unwrap(
        client.GET('/api/playground/robots/additions/{addition}', {
          params: { path: { addition } },
        }),
      ),
    enabled: addition !== '',
    refetchInterval: ({ state }) => (state.data && ended(state.data) ? false : LOOK_MS),
    refetchIntervalInBackground: true,
    staleTime: 0,
  })

export const ownRobotQuery = (id: string) =>
  queryOptions({
    queryKey: ['own-robot', id],
    queryFn: () => unwrap(client.GET('/api/playground/robots/{id}', { params: { path: { id } } })),
    staleTime: 0,
  })

export function useAdd() {
  return useMutation({
    mutationFn: (given: Given) =>
      'menagerie' in given
        ? unwrap(
            client.POST('/api/playground/robots/menagerie', { body: { name: given.menagerie } }),
          )
        : unwrap(
            client.POST('/api/playground/robots', {
              params: { query: { file: given.name, model: given.model } },
              body: given.file as unknown as string,
              bodySerializer: (file) => file,
              headers: { 'Content-Type': 'application/octet-stream' },
            }),
          ),
  })
}

export function useCancelAddition() {
  return useMutation({
    mutationFn: (addition: string) =>
      unwrap(
        client.DELETE('/api/playground/robots/additions/{addition}', {
          params: { path: { addition } },
        }),
      ),
  })
}

export function useCorrect(id: string) {
  return useMutation({
    mutationFn: (body: Correction) =>
      unwrap(
        client.POST('/api/playground/robots/{id}/correct', { params: { path: { id } }, body }),
      ),
  })
}

/** Has every page look anew at the robots, and at what it knows of this one. */
export function useRefresh() {
  const queries = useQueryClient()
  return useCallback(
    (id: string) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: robotsQuery.queryKey }),
        ...['robot', 'own-robot', 'choices', 'plans'].map((name) =>
          queries.invalidateQueries({ queryKey: [name, id] }),
        ),
      ]),
    [queries],
  )
}

export function useRename(id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(
        client.PATCH('/api/playground/robots/{id}', { params: { path: { id } }, body: { name } }),
      ),
    onSuccess: () => refresh(id),
  })
}

/** Whoever removes one looks anew once it has left the page: its card goes with that. */
export function useRemove(id: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(client.DELETE('/api/playground/robots/{id}', { params: { path: { id } } })),
  })
}
