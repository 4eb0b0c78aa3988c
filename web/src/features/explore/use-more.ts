import { useEffect, useRef } from 'react'

/** Asks for more as long as an element comes near the screen. */
export function useMore(there: boolean, ask: () => unknown) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!there || !ref.current || typeof IntersectionObserver === 'undefined') return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && ask(), {
      rootMargin: '1200px',
    })
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [there, ask])
  return ref
}
