import { CompletionContext } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import { completions } from './completions'

const complete = completions({
  signals: [
    { name: 'power', shape: '()', unit: 'W', meaning: 'what it takes', call: null, names: [] },
    {
      name: 'joint',
      shape: '()',
      unit: 'rad',
      meaning: 'an angle',
      call: 's.joint("FR_hip_joint")',
      names: ['FR_hip_joint'],
    },
  ],
  kernels: [{ name: 'near', signature: 'near(x, target, width)', meaning: '1 at the target' }],
  functions: ['jnp.sin'],
})

function labels(text: string): string[] {
  const state = EditorState.create({ doc: text })
  return (
    complete(new CompletionContext(state, text.length, false))?.options.map((o) => o.label) ?? []
  )
}

test('after `s.` come the signals', () => expect(labels('x = s.po')).toEqual(['power', 'joint']))
test('inside the quotes of an accessor come its names', () =>
  expect(labels('s.joint("FR')).toEqual(['FR_hip_joint']))
test('a word may become a kernel or a function of jnp', () =>
  expect(labels('ne')).toEqual(['near', 'jnp.sin']))
test('nothing is offered where nothing was begun', () => expect(labels('x = ')).toEqual([]))
