import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { anAction, aReading, someChoices } from '@/api/testing'
import type { Reading } from '@/api/types'
import { ReadingChips } from './reading-chips'
import { inWords } from './words'

afterEach(cleanup)

const CHOICES = someChoices()
const WALK_THEN_SIT = aReading({
  unread: ['zombie', 'zombie'],
  parts: [
    { seconds: null, actions: [anAction({ direction: 'left', distance_m: 2 })] },
    { seconds: 5, actions: [anAction({ do: 'sit', manner: ['slow'] })] },
  ],
})

let now: Reading

function Page({ reading }: { reading: Reading }) {
  const [shown, setShown] = useState(reading)
  now = shown
  return <ReadingChips reading={shown} choices={CHOICES} onChange={setShown} />
}

const buttons = () =>
  screen
    .getAllByRole('button')
    .map((button) => button.textContent)
    .filter((text) => text !== '+Say more')
const chip = (name: string) => screen.getByRole('button', { name })
const item = (name: string) => screen.getByRole('menuitemradio', { name })

test('every argument is a chip, what follows is said, and what was not read is struck once', () => {
  render(<Page reading={WALK_THEN_SIT} />)
  expect(buttons()).toEqual(['walk', 'to the left', '2 m', 'sit', 'slow', 'for 5 s'])
  expect(screen.getByRole('group', { name: 'What I read' }).textContent).toContain('thensit')
  const struck = screen.getAllByText('zombie')
  expect(struck.map((it) => it.tagName)).toEqual(['S'])
  expect(inWords(WALK_THEN_SIT.parts, CHOICES)).toBe(
    'walk · to the left · 2 m, then sit · slow · for 5 s',
  )
})

test('a chip opens a menu at what holds; a press corrects it and brings the focus back', async () => {
  render(<Page reading={WALK_THEN_SIT} />)
  await userEvent.click(chip('to the left'))
  expect(document.activeElement).toBe(item('to the left'))
  expect(item('to the left').getAttribute('aria-checked')).toBe('true')
  await userEvent.click(item('to the right'))
  expect(screen.queryByRole('menu')).toBeNull()
  expect(now.parts[0]?.actions[0]?.direction).toBe('right')
  expect(document.activeElement).toBe(chip('to the right'))
})

test('the keyboard alone is enough, and Escape changes nothing', async () => {
  render(<Page reading={WALK_THEN_SIT} />)
  chip('walk').focus()
  await userEvent.keyboard('{Enter}{ArrowDown}{Escape}')
  expect(screen.queryByRole('menu')).toBeNull()
  expect(document.activeElement).toBe(chip('walk'))
  await userEvent.keyboard('{Enter}t{Enter}')
  expect(now.parts[0]?.actions[0]?.do).toBe('turn')
  expect(document.activeElement).toBe(chip('turn'))
})

test('a number is corrected in its own unit, and no letters become one', async () => {
  const turn = anAction({ do: 'turn', angle_rad: Math.PI / 2 })
  render(<Page reading={aReading({ parts: [{ seconds: null, actions: [turn] }] })} />)
  await userEvent.click(chip('90 degrees'))
  const field = screen.getByRole('textbox', { name: 'how far round' })
  await userEvent.keyboard('180')
  expect(now.parts[0]?.actions[0]?.angle_rad).toBeCloseTo(Math.PI)
  await userEvent.clear(field)
  await userEvent.type(field, 'some{Enter}')
  expect(now.parts[0]?.actions[0]?.angle_rad).toBeCloseTo(Math.PI)
  expect(document.activeElement).toBe(chip('180 degrees'))
})

test('what is wrong can be left out: a limb, a manner, a whole action', async () => {
  const reading = aReading({
    parts: [
      {
        seconds: null,
        actions: [
          anAction({ do: 'wave', part: 'front leg', side: 'left', manner: ['slow', 'proud'] }),
          anAction({ do: 'sit', negated: true }),
        ],
      },
    ],
  })
  render(<Page reading={reading} />)
  expect(buttons()).toEqual(['wave', 'left front leg', 'slow', 'proud', 'never sit'])
  await userEvent.click(chip('left front leg'))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Leave out' }))
  await userEvent.click(chip('slow'))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Leave out' }))
  expect(now.parts[0]?.actions[0]).toEqual(anAction({ do: 'wave', manner: ['proud'] }))
  await userEvent.click(chip('never sit'))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Leave all of it out' }))
  expect(buttons()).toEqual(['wave', 'proud'])
  await userEvent.click(chip('wave'))
  expect(screen.queryByRole('menuitem', { name: 'Leave all of it out' })).toBeNull()
})

test('what was missed can be said, and its menu opens at once', async () => {
  render(<Page reading={aReading()} />)
  await userEvent.click(chip('Say more'))
  await userEvent.click(screen.getByRole('menuitem', { name: 'which way' }))
  await userEvent.click(item('to the left'))
  await userEvent.click(chip('Say more'))
  expect(screen.queryByRole('menuitem', { name: 'which way' })).toBeNull()
  await userEvent.click(screen.getByRole('menuitem', { name: 'how often' }))
  await userEvent.keyboard('4{Enter}')
  await userEvent.click(chip('Say more'))
  await userEvent.click(screen.getByRole('menuitem', { name: 'how long' }))
  const dialog = within(screen.getByRole('dialog'))
  await userEvent.click(dialog.getByRole('button', { name: 'Done' }))
  expect(buttons()).toEqual(['walk', 'to the left', '4 times', 'for 3 s'])
})

test('a correction is sure, unless the body still cannot do it', async () => {
  const guess = aReading({ sure: false, note: 'A guess.', alternatives: [aReading()] })
  const view = render(<Page reading={guess} />)
  await userEvent.click(chip('walk'))
  await userEvent.click(item('sit'))
  expect(now).toMatchObject({ sure: true, note: '', alternatives: [] })
  view.unmount()
  const clap = [{ seconds: null, actions: [anAction({ do: 'clap', manner: ['slow'] })] }]
  render(<Page reading={{ ...guess, parts: clap }} />)
  await userEvent.click(chip('slow'))
  await userEvent.click(item('proud'))
  expect(now).toMatchObject({ sure: false, note: 'A guess.' })
})
