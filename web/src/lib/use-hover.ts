import { useState } from 'react'

/** Whether a pointer rests on an element or the focus is in it; spread `handlers` on it. */
export function useHover() {
  const [over, setOver] = useState(false)
  const [focused, setFocused] = useState(false)
  return {
    hovered: over || focused,
    handlers: {
      onPointerEnter: () => setOver(true),
      onPointerLeave: () => setOver(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  }
}
