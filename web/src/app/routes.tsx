import type { RouteObject } from 'react-router'
import { Lost } from '@/routes/lost'
import { StudioRoute } from '@/routes/studio'
import { Layout } from './layout'

/** The pages. The studio comes with the first load, the others when they are opened. */
export const routes: RouteObject[] = [
  {
    element: <Layout />,
    errorElement: <Lost />,
    hydrateFallbackElement: <Layout />,
    children: [
      { index: true, element: <StudioRoute /> },
      {
        path: 'experiments',
        lazy: async () => ({ Component: (await import('@/routes/experiments')).ExperimentsRoute }),
      },
      {
        path: 'experiments/:id',
        lazy: async () => ({ Component: (await import('@/routes/experiment')).ExperimentRoute }),
      },
      {
        path: 's/:id',
        lazy: async () => ({ Component: (await import('@/routes/shared')).SharedRoute }),
      },
      {
        path: 'explore',
        lazy: async () => ({ Component: (await import('@/routes/explore')).ExploreRoute }),
      },
      {
        path: 'library',
        lazy: async () => ({ Component: (await import('@/routes/library')).LibraryRoute }),
      },
      {
        path: 'sign-in',
        lazy: async () => ({ Component: (await import('@/routes/sign-in')).SignInRoute }),
      },
      {
        path: 'join',
        lazy: async () => ({ Component: (await import('@/routes/join')).JoinRoute }),
      },
      {
        path: 'account',
        lazy: async () => ({ Component: (await import('@/routes/account')).AccountRoute }),
      },
      {
        path: 'people',
        lazy: async () => ({ Component: (await import('@/routes/people')).PeopleRoute }),
      },
      { path: '*', element: <Lost /> },
    ],
  },
]
