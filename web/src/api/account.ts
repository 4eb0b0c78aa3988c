import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { makePasskey, showPasskey } from './passkeys'
import { keys } from './queries'
import type { components } from './schema'
import type { Account, Experiment, Visibility } from './types'

type Body<Name extends keyof components['schemas']> = components['schemas'][Name]

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: () => unwrap(client.GET('/api/account')),
  staleTime: 30_000,
})

export const invitationQuery = (invitation: string) =>
  queryOptions({
    queryKey: ['invitation', invitation],
    queryFn: () => unwrap(client.POST('/api/account/invitation', { body: { invitation } })),
    enabled: invitation !== '',
    retry: false,
  })

/** A change of one's account; what the pages know is asked for again. */
function useAccountChange<Given, Made>(mutationFn: (given: Given) => Promise<Made>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => queries.invalidateQueries({ queryKey: accountQuery.queryKey }),
  })
}

/** Who signs in or out sees other things: nothing that was known stays. */
function useChangeOfPerson<Given, Made>(mutationFn: (given: Given) => Promise<Made>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => queries.resetQueries() })
}

export function useJoin() {
  return useChangeOfPerson(async (body: Body<'JoinRequest'>) => {
    const begun = await unwrap(client.POST('/api/account/join/begin', { body }))
    const credential = await makePasskey(begun.options)
    const answer = { secret: begun.secret, credential, label: thisDevice() }
    return unwrap(client.POST('/api/account/join', { body: answer }))
  })
}

export function useSignIn() {
  return useChangeOfPerson(async () => {
    const begun = await unwrap(client.POST('/api/account/sign-in/begin'))
    const credential = await showPasskey(begun.options)
    return unwrap(
      client.POST('/api/account/sign-in', { body: { secret: begun.secret, credential } }),
    )
  })
}

/** Goes to the provider, which sends the browser back. */
export function useProvider() {
  return useMutation({
    mutationFn: async (invitation: string | null) => {
      const { url } = await unwrap(client.POST('/api/account/provider', { body: { invitation } }))
      location.assign(url)
    },
  })
}

export function useSignOut() {
  return useChangeOfPerson(() => unwrap(client.POST('/api/account/sign-out')))
}

export function useDeleteAccount() {
  return useChangeOfPerson(() => unwrap(client.DELETE('/api/account')))
}

export function useRename() {
  return useAccountChange((name: string) =>
    unwrap(client.PATCH('/api/account', { body: { name } })),
  )
}

export function useAddPasskey() {
  return useAccountChange(async (label: string) => {
    const begun = await unwrap(client.POST('/api/account/passkeys/begin'))
    const credential = await makePasskey(begun.options)
    const body = { secret: begun.secret, credential, label }
    return unwrap(client.POST('/api/account/passkeys', { body }))
  })
}

export function useRemovePasskey() {
  return useAccountChange((passkey: string) =>
    unwrap(client.DELETE('/api/account/passkeys/{passkey}', { params: { path: { passkey } } })),
  )
}

export function useAddToken() {
  return useAccountChange((body: Body<'TokenRequest'>) =>
    unwrap(client.POST('/api/account/tokens', { body })),
  )
}

export function useRemoveToken() {
  return useAccountChange((token: string) =>
    unwrap(client.DELETE('/api/account/tokens/{token}', { params: { path: { token } } })),
  )
}

export function useVisibility(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (visibility: Visibility) =>
      unwrap(
        client.PUT('/api/experiments/{id}/visibility', {
          params: { path: { id } },
          body: { visibility },
        }),
      ),
    onSuccess: (experiment: Experiment) =>
      queries.setQueryData(keys.experiment({ kind: 'own', id }), experiment),
  })
}

/** What somebody may do whom a page shows its buttons to; on a studio without accounts, all. */
export function mayTeach(account: Account | undefined): boolean {
  return !account?.hosted || (account.person !== null && account.person.role !== 'viewer')
}

/** What a passkey of this browser is called until somebody says better. */
export function thisDevice(): string {
  const systems = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux', 'CrOS']
  const system = systems.find((name) => navigator.userAgent.includes(name))
  return system ? system.replace('Mac OS', 'Mac').replace('CrOS', 'Chromebook') : 'This device'
}
