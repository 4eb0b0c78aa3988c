import createClient from 'openapi-fetch'
import type { paths } from './schema'
import type { ProblemDetails } from './types'

export const client = createClient<paths>({ baseUrl: location.origin })

/** An answer that is not what was asked for, in the server's own words. */
export class ProblemError extends Error {
  readonly status: number
  readonly hint: string

  constructor(status: number, problem?: Partial<ProblemDetails>) {
    super(problem?.detail || FALLBACK[status] || `The studio answered with status ${status}.`)
    this.name = 'ProblemError'
    this.status = status
    this.hint = problem?.hint ?? ''
  }
}

const FALLBACK: Record<number, string> = {
  401: 'This studio needs its access token.',
  404: 'There is no such thing here.',
  502: 'The studio does not answer.',
}

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** The data of an answer; throws a `ProblemError` where there is none. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch(() => {
    throw new ProblemError(502, { detail: 'The studio does not answer.', hint: 'Is it running?' })
  })
  if (!response.ok) throw new ProblemError(response.status, problemOf(error))
  return data as T
}

/** The file of an answer that was asked for with `parseAs: 'blob'`, of which its types know nothing. */
export function unwrapFile(answer: Promise<{ response: Response }>): Promise<Blob> {
  return unwrap(answer as Promise<Answer<Blob>>)
}

function problemOf(error: unknown): Partial<ProblemDetails> | undefined {
  return typeof error === 'object' && error !== null ? error : undefined
}
