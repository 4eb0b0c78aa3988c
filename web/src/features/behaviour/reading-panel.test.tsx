import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { afterEach, expect, test } from 'vitest'
import { choicesQuery, lastQuery, readingQuery } from '@/api/queries'
import { anAction, anExperiment, aReading, someChoices } from '@/api/testing'
import type { ExperimentSummary, Reading } from '@/api/types'
import { ReadingPanel } from './reading-panel'

afterEach(cleanup)

const ROBOT = 'Go1JoystickFlatTerrain'
const doing = (verb: string) => [{ seconds: null, actions: [anAction({ do: verb })] }]
const WALK = aReading({ parts: doing('walk') })
const SIT = aReading({ parts: doing('sit') })

/** A page that knows these readings; `told` is what it hears of corrections. */
function page(readings: Record<string, Reading>, last: ExperimentSummary[] = []) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  queries.setQueryData(choicesQuery(ROBOT).queryKey, someChoices())
  queries.setQueryData(lastQuery.queryKey, { items: last, next: null })
  for (const [sentence, reading] of Object.entries(readings)) {
    queries.setQueryData(readingQuery(ROBOT, sentence).queryKey, reading)
  }
  const told: [string, Reading | null][] = []
  const shown = (sentence: string, corrected: Reading | null = null) => (
    <QueryClientProvider client={queries}>
      <MemoryRouter>
        <ReadingPanel
          robot={ROBOT}
          sentence={sentence}
          corrected={corrected}
          onCorrect={(...all) => told.push(all)}
        />
      </MemoryRouter>
    </QueryClientProvider>
  )
  const view = render(shown(''))
  return {
    told,
    say: (sentence: string, corrected?: Reading) => view.rerender(shown(sentence, corrected)),
  }
}

const chip = (name: string) => screen.findByRole('button', { name })

test('chips follow the sentence, and none are left where it is gone', async () => {
  const { say } = page({ walk: WALK, sit: SIT })
  expect(screen.queryByRole('group')).toBeNull()
  say('walk')
  await chip('walk')
  say('sit')
  await chip('sit')
  expect(screen.queryByRole('button', { name: 'walk' })).toBeNull()
  say('')
  expect(screen.queryByRole('group')).toBeNull()
})

test('a correction is told with its sentence, shown, and taken back', async () => {
  const { say, told } = page({ walk: WALK })
  say('walk')
  await userEvent.click(await chip('walk'))
  await userEvent.click(screen.getByRole('menuitemradio', { name: 'sit' }))
  expect(told).toEqual([['walk', SIT]])
  say('walk', SIT)
  await userEvent.click(await chip('As it was read'))
  expect(told.at(-1)).toEqual(['walk', null])
})

test('what is not sure says why, and what else it may be', async () => {
  const guess = aReading({ sure: false, note: 'Only an idea.', alternatives: [WALK, SIT] })
  const { say, told } = page({ picnic: { ...guess, unread: ['picnic'] } })
  say('picnic')
  await screen.findByText('Only an idea.')
  expect(screen.getByText(/Did you mean/)).toBeTruthy()
  await userEvent.click(await chip('sit'))
  expect(told).toEqual([['picnic', SIT]])
})

test('a wish about what is there leads to what was learned last', async () => {
  const calmer = aReading({ refers_to: 'it', parts: doing('same') })
  const { title, sentence } = anExperiment()
  const last = { id: 'abc', title, sentence } as ExperimentSummary
  const { say } = page({ calmer }, [last])
  say('calmer')
  const link = await screen.findByRole('link', { name: title })
  expect(link.getAttribute('href')).toBe('/experiments/abc?view=compare&wish=calmer')
  cleanup()
  page({ calmer }).say('calmer')
  await screen.findByText(/Teach something first/)
})
