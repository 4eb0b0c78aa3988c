import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { Change, CodeLine } from '@/api/types'
import { Diff } from './diff'

afterEach(cleanup)

const line = (text: string, marked: CodeLine['marked'] = null): CodeLine => ({
  kind: marked ? 'removed' : 'same',
  text,
  marked,
})
const texts = (changes: Change[]) => {
  render(<Diff changes={changes} label="Changes" />)
  const items = within(screen.getByRole('region', { name: 'Changes' })).queryAllByRole('listitem')
  return items.map((item) => item.textContent)
}

test('a weight, the clock, a command and a relaxed bound are told as values', () => {
  const told = texts([
    { kind: 'weight', name: 'kick', before: null, after: 0.5 },
    { kind: 'setting', name: 'clock_hz', before: 1.5, after: 2 },
    { kind: 'setting', name: 'command', before: [0, 0, 0], after: [0.5, 0, 0] },
    { kind: 'setting', name: 'min_upright', before: 0.3, after: null },
    { kind: 'text', name: 'looks', before: '', after: 'It bows.' },
  ])
  expect(told).toEqual([
    'kicknone0.5',
    'clock_hz1.52',
    'command0, 0, 00.5, 0, 0',
    'min_upright0.3none',
    'looksnoneIt bows.',
  ])
  expect(screen.queryByRole('region', { name: 'Code of Changes' })).toBeNull()
})

test('what differs in a line is marked, also behind a letter of two units', () => {
  texts([{ kind: 'code', lines: [line('# 🤖 x = 0.25', [8, 12])] }])
  expect(document.querySelector('mark')?.textContent).toBe('0.25')
})

test('between two places of the code stands a gap', () => {
  texts([
    { kind: 'code', lines: [line('a')] },
    { kind: 'code', lines: [line('b')] },
  ])
  const code = screen.getByRole('region', { name: 'Code of Changes' })
  expect(code.textContent?.replace(/ /g, '')).toBe('a⋯b')
})

test('a child that is as its parent says so', () => {
  expect(texts([])).toEqual([])
  expect(screen.getByText('Nothing was changed.')).toBeTruthy()
})
