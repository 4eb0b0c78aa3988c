import type { Dispatch, SetStateAction } from 'react'
import type { Given } from '@/api/own-robots'

/** How far a person is with a robot: what was given, what is made of it, what it became. */
export type Way = { given: Given | null; addition: string; robot: string }

export type SetWay = Dispatch<SetStateAction<Way>>

export const NOTHING: Way = { given: null, addition: '', robot: '' }
