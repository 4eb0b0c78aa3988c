import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Vocabulary } from '@/api/types'

/** Completes `s.` with signals, quoted names of an accessor, and kernels elsewhere. */
export function completions(vocabulary: Vocabulary) {
  const signals = vocabulary.signals.map(signalOption)
  const words: Completion[] = [
    ...vocabulary.kernels.map(({ name, signature, meaning }) => ({
      label: name,
      detail: signature.startsWith(name) ? signature.slice(name.length) : signature,
      info: meaning,
      type: 'function',
    })),
    ...vocabulary.functions.map((label) => ({ label, type: 'function' })),
  ]
  return (context: CompletionContext): CompletionResult | null => {
    const quoted = context.matchBefore(/\bs\.\w+\(["'][\w ]*/)
    if (quoted) return namesOf(vocabulary, quoted)
    const signal = context.matchBefore(/\bs\.\w*/)
    if (signal) return { from: signal.from + 2, options: signals, validFor: /^\w*$/ }
    const word = context.matchBefore(/[\w.]+/)
    if (!word && !context.explicit) return null
    return { from: word?.from ?? context.pos, options: words, validFor: /^[\w.]*$/ }
  }
}

function signalOption(signal: Vocabulary['signals'][number]): Completion {
  const { name, shape, unit, meaning, call } = signal
  return {
    label: name,
    apply: call ? `${name}("` : name,
    detail: [shape, unit].filter(Boolean).join(' '),
    info: meaning,
    type: call ? 'function' : 'property',
  }
}

function namesOf(vocabulary: Vocabulary, quoted: { from: number; text: string }) {
  const [, accessor] = quoted.text.match(/^s\.(\w+)\(/) ?? []
  const names = vocabulary.signals.find((signal) => signal.name === accessor)?.names ?? []
  if (!names.length) return null
  const start = quoted.from + quoted.text.search(/["']/) + 1
  return { from: start, options: names.map((label) => ({ label, type: 'constant' })) }
}
