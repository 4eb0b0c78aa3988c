import type { Role, Scope } from '@/api/types'

/** What each may do, in words. */
export const ROLES: Record<Role, { name: string; promise: string }> = {
  viewer: { name: 'Viewer', promise: 'You can watch and vote.' },
  maker: { name: 'Maker', promise: 'You can teach robots, share what they learned, and vote.' },
  owner: { name: 'Owner', promise: 'You run this studio: people, quotas and everything in it.' },
}

export const SCOPES: Record<Scope, string> = {
  read: 'see',
  teach: 'teach, share and delete',
  manage: 'run the studio',
}
