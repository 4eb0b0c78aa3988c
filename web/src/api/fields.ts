import fields from './fields.json'
import type { Hyperparameters } from './types'

/** What a form asks for: its name, default and bounds are the server's. */
export type Field = {
  title: string
  description?: string
  type: string
  default?: unknown
  minimum?: number
  maximum?: number
  /** Whether it may be left out, so that the server decides. */
  optional: boolean
}

export const SETTINGS: Record<keyof Hyperparameters, Field> = fields.settings
export const REQUEST: Record<'approaches' | 'seed', Field> = fields.request
export const APPROACHES = fields.request.approaches.default
