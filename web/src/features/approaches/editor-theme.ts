import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The same colours as where code is only shown. */
export const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--pass)' },
  { tag: tags.number, color: 'var(--hue-0-ink)' },
  { tag: tags.propertyName, color: 'var(--hue-1-ink)' },
  { tag: tags.keyword, color: 'var(--hue-2-ink)', fontWeight: '700' },
  { tag: [tags.function(tags.variableName)], color: 'var(--hue-2-ink)' },
])

export const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--sunken)', borderRadius: '14px', fontSize: '13px' },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', maxHeight: 'min(34rem, 58dvh)' },
  '.cm-content': { padding: '0.8rem 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--soft)', border: '0' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--sun) 14%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in oklab, var(--focus) 30%, transparent) !important',
  },
  '.cm-tooltip': {
    border: '1.5px solid var(--line)',
    borderRadius: '12px',
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    boxShadow: 'var(--lift)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--sun)',
    color: 'var(--on-sun)',
  },
  '.cm-completionInfo': { padding: '8px 12px', maxWidth: '20rem', fontFamily: 'var(--text)' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--text)' },
})
