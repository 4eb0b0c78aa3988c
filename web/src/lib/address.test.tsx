import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createBrowserRouter, Link, RouterProvider, useSearchParams } from 'react-router'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useAddressText, useSetParameter } from './address'

afterEach(cleanup)
beforeEach(() => history.replaceState(null, '', '/?say=Dance%20slowly'))

function Page() {
  const { field, text, setText } = useAddressText('say')
  const set = useSetParameter()
  return (
    <>
      <input aria-label="Sentence" {...field} />
      <button type="button" onClick={() => setText('Take a bow')}>
        An idea
      </button>
      <button type="button" onClick={() => set('robot', 'Spot')}>
        A robot
      </button>
      <Link to="/?say=Roll+over">A link</Link>
      <output>{text}</output>
    </>
  )
}

let drawn = 0

function Beside() {
  useSearchParams()
  drawn++
  return null
}

const page = (
  <>
    <Page />
    <Beside />
  </>
)

function open() {
  render(<RouterProvider router={createBrowserRouter([{ path: '/', element: page }])} />)
  return screen.getByRole<HTMLInputElement>('textbox')
}

const say = () => new URLSearchParams(location.search).get('say')
const click = (name: string) => userEvent.click(screen.getByText(name))

test('keys stand in the field at once, where the caret is, and the address follows', async () => {
  const field = open()
  const entries = history.length
  await userEvent.type(field, 'very ', { initialSelectionStart: 6, initialSelectionEnd: 6 })
  expect(field.value).toBe('Dance very slowly')
  expect(say()).toBe('Dance slowly')
  await waitFor(() => expect(say()).toBe('Dance very slowly'))
  expect(history.length).toBe(entries)
})

test('a link and Back fill the field, and what was typed before is found again', async () => {
  const field = open()
  await userEvent.type(field, '!')
  await click('A link')
  await waitFor(() => expect(field.value).toBe('Roll over'))
  act(() => history.back())
  await waitFor(() => expect(field.value).toBe('Dance slowly!'))
  act(() => history.forward())
  await waitFor(() => expect(field.value).toBe('Roll over'))
})

test('a text that is set replaces what was there, and other parameters stay', async () => {
  const field = open()
  await click('An idea')
  expect(field.value).toBe('Take a bow')
  await click('A robot')
  await waitFor(() => expect(say()).toBe('Take a bow'))
  expect(new URLSearchParams(location.search).get('robot')).toBe('Spot')
  await userEvent.clear(field)
  await waitFor(() => expect(location.search).toBe('?robot=Spot'))
})

test('what stands beside is drawn anew once for a burst of keys, and not for each', async () => {
  const field = open()
  const before = drawn
  await userEvent.type(field, ' and softly')
  expect(drawn).toBe(before)
  await waitFor(() => expect(say()).toBe('Dance slowly and softly'))
  await waitFor(() => expect(drawn).toBe(before + 1))
})
