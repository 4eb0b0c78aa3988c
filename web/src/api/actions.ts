import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { keys } from './queries'
import type { components } from './schema'
import type { BatchRequest, Experiment, ImproveRequest, Source, TeachRequest } from './types'

type Edit = components['schemas']['EditRequest']

const own = (id: string): Source => ({ kind: 'own', id })

/** Puts an experiment that the server answered with where the pages read it. */
function useKeep() {
  const queries = useQueryClient()
  return (experiment: Experiment) => {
    queries.setQueryData(keys.experiment(own(experiment.id)), experiment)
    void queries.invalidateQueries({ queryKey: keys.experiments })
  }
}

export function usePropose() {
  return useMutation({
    mutationFn: (body: TeachRequest) => unwrap(client.POST('/api/training/approaches', { body })),
    onSuccess: useKeep(),
  })
}

export function useEdit(id: string) {
  return useMutation({
    mutationFn: ({ approach, ...body }: Edit & { approach: string }) =>
      unwrap(
        client.PATCH('/api/experiments/{id}/approaches/{approach}', {
          params: { path: { id, approach } },
          body,
        }),
      ),
    onSuccess: useKeep(),
  })
}

export function useTrain() {
  return useMutation({
    mutationFn: (body: BatchRequest) => unwrap(client.POST('/api/training/batch', { body })),
    onSuccess: useKeep(),
  })
}

export function useImprove() {
  return useMutation({
    mutationFn: (body: ImproveRequest) => unwrap(client.POST('/api/training/improve', { body })),
    onSuccess: useKeep(),
  })
}

/** Cancel, retry or render one training; what comes of it arrives over the WebSocket. */
export function useJob() {
  return useMutation({
    mutationFn: ({ job, what }: { job: string; what: 'cancel' | 'retry' | 'render' }) => {
      const params = { path: { job_id: job } }
      if (what === 'cancel') return unwrap(client.POST('/api/training/{job_id}/cancel', { params }))
      if (what === 'retry') return unwrap(client.POST('/api/training/{job_id}/retry', { params }))
      return unwrap(client.POST('/api/training/render', { body: { job_id: job } }))
    },
  })
}

/** Train on from the policy that a training left; what comes of it arrives over the WebSocket. */
export function useContinue() {
  return useMutation({
    mutationFn: (job: string) =>
      unwrap(client.POST('/api/training/{job_id}/continue', { params: { path: { job_id: job } } })),
  })
}

/** Show what an earlier or a later training of an approach did. */
export function useShowVersion() {
  return useMutation({
    mutationFn: ({ job, version }: { job: string; version: number }) =>
      unwrap(
        client.POST('/api/training/{job_id}/version', {
          params: { path: { job_id: job } },
          body: { version },
        }),
      ),
    onSuccess: useKeep(),
  })
}

export function useDuplicate() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/experiments/{id}/duplicate', { params: { path: { id } } })),
    onSuccess: useKeep(),
  })
}

export function useFork() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/shared/{share_id}/fork', { params: { path: { share_id: id } } })),
    onSuccess: useKeep(),
  })
}

/** Its request outlives the page that sends it. */
export function useDelete() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.DELETE('/api/experiments/{id}', { params: { path: { id } }, keepalive: true })),
    onSuccess: (_, id) => {
      queries.removeQueries({ queryKey: keys.experiment(own(id)) })
      void queries.invalidateQueries({ queryKey: keys.experiments })
    },
  })
}

export function useShare() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/experiments/{id}/share', { params: { path: { id } } })),
  })
}

export function useVote(source: Source) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (approach: string | null) =>
      source.kind === 'own'
        ? unwrap(
            client.POST('/api/experiments/{id}/vote', {
              params: { path: { id: source.id } },
              body: { approach },
            }),
          )
        : unwrap(
            client.POST('/api/shared/{share_id}/vote', {
              params: { path: { share_id: source.id } },
              body: { approach },
            }),
          ),
    onSuccess: (experiment) => queries.setQueryData(keys.experiment(source), experiment),
  })
}
