import { useEffect, useRef } from 'react'

/** Begin at the page's top when another view takes the place of one, by itself or by a press. */
export function useFromTop(view: string | undefined) {
  const before = useRef(view)
  useEffect(() => {
    if (before.current && before.current !== view) window.scrollTo({ top: 0, behavior: 'instant' })
    before.current = view
  }, [view])
}
