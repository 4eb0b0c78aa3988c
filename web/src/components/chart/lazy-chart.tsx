import { lazy } from 'react'

/** The chart, loaded when the first curve is shown. */
export const Chart = lazy(() => import('./chart'))
