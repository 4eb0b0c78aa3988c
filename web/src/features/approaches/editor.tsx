import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { pythonLanguage } from '@codemirror/lang-python'
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { Finding, Vocabulary } from '@/api/types'
import { completions } from './completions'
import { colours, theme } from './editor-theme'

/** The reward editor; loaded when somebody edits. */
export default function Editor({
  initial,
  vocabulary,
  findings,
  onChange,
}: {
  initial: string
  vocabulary: Vocabulary
  findings: readonly Finding[]
  onChange: (source: string) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const change = useRef(onChange)
  useEffect(() => {
    change.current = onChange
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor owns its text once made
  useEffect(() => {
    if (!place.current) return
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: initial, extensions: extensions(vocabulary, change) }),
    })
    view.current = made
    place.current.addEventListener('keydown', keepOpen)
    made.focus()
    return () => made.destroy()
  }, [vocabulary])

  useEffect(() => {
    const state = view.current?.state
    if (state) view.current?.dispatch(setDiagnostics(state, diagnostics(state, findings)))
  }, [findings])

  return <div ref={place} />
}

/** Escape is the editor's own: it must not close what that stands in. */
function keepOpen(event: KeyboardEvent) {
  if (event.key === 'Escape') event.preventDefault()
}

function extensions(vocabulary: Vocabulary, change: { current: (source: string) => void }) {
  return [
    lineNumbers(),
    history(),
    indentOnInput(),
    indentUnit.of('    '),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    lintGutter(),
    pythonLanguage,
    syntaxHighlighting(colours),
    autocompletion({ override: [completions(vocabulary)], icons: false }),
    // Escape, then Tab, leaves the editor: the keyboard is never caught.
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Reward source' }),
    EditorView.lineWrapping,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) change.current(update.state.doc.toString())
    }),
    theme,
  ]
}

function diagnostics(state: EditorState, findings: readonly Finding[]): Diagnostic[] {
  return findings.map(({ line, severity, message, hint }) => {
    const found = state.doc.line(Math.min(Math.max(line ?? 1, 1), state.doc.lines))
    return { from: found.from, to: found.to, severity, message: `${message} ${hint}`.trim() }
  })
}
