import { useEffect } from 'react'
import type { Player } from './use-player'

/** Keys as in video editors: space, comma, full stop, arrows, zero, L. */
export function useKeys(player: Player, loop: boolean) {
  useEffect(() => {
    const actions: Record<string, () => void> = {
      ' ': player.toggle,
      k: player.toggle,
      ',': () => player.step(-1),
      '.': () => player.step(1),
      arrowleft: () => player.nudge(-1),
      arrowright: () => player.nudge(1),
      '0': () => player.seek(0),
      l: () => player.setLoop(!loop),
    }
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || occupied(event)) return
      const action = actions[event.key.toLowerCase()]
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [player, loop])
}

/** Whether the focused element wants the key for itself. */
function occupied(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest('input:not([type=range]), textarea, select, [contenteditable], dialog'))
    return true
  const arrows = event.key.startsWith('Arrow')
  if (arrows && target?.closest('input, [role=tab]')) return true
  return event.key === ' ' && Boolean(target?.closest('button, a, summary, [role=tab]'))
}
