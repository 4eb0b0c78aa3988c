import { expect, test } from 'vitest'
import { highlight } from './highlight'

const SOURCE = 'def reward(s):\n    # "calm" 1\n    return {"calm": near(s.roll, 0.5)}\n'

test('nothing is lost', () => {
  for (const text of [SOURCE, '', '"open', "f('", '\u0000 ü 🤖']) {
    expect(
      highlight(text)
        .map((t) => t.text)
        .join(''),
    ).toBe(text)
  }
})

test('keywords, signals, calls, numbers, strings and comments are told apart', () => {
  const kinds = Object.fromEntries(highlight(SOURCE).map((t) => [t.text, t.kind]))
  expect(kinds).toMatchObject({
    def: 'keyword',
    's.roll': 'signal',
    near: 'call',
    '0.5': 'number',
    '"calm"': 'string',
    '# "calm" 1': 'comment',
  })
})
