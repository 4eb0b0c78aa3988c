import { type ChangeEvent, useCallback, useEffect, useState } from 'react'
import { useLocation, useNavigate, useNavigation, useNavigationType } from 'react-router'

const PAUSE_MS = 300

/** Sets one parameter of the address, in place; the others stay as they are at that moment. */
export function useSetParameter() {
  const navigate = useNavigate()
  return useCallback(
    (name: string, value: string) => {
      const params = new URLSearchParams(window.location.search) // a render may lag behind
      if (value) params.set(name, value)
      else params.delete(name)
      navigate({ search: params.toString() }, { replace: true, preventScrollReset: true })
    },
    [navigate],
  )
}

/**
 * A text field whose value is mirrored in the address. What is typed stands in the field at once,
 * the address follows when the keys pause; a link, Back and Forward fill the field.
 */
export function useAddressText(name: string) {
  const { key, search } = useLocation()
  const how = useNavigationType()
  const leaving = useNavigation().state !== 'idle'
  const setParameter = useSetParameter()
  const settled = new URLSearchParams(search).get(name) ?? ''
  const [text, setText] = useState(settled)
  const [seen, setSeen] = useState(key)
  if (key !== seen) {
    setSeen(key)
    if (how !== 'REPLACE') setText(settled) // typing replaces, so this is somebody else
  }

  const behind = text !== settled && !leaving
  useEffect(() => {
    if (!behind) return
    const pause = setTimeout(() => setParameter(name, text), PAUSE_MS)
    return () => clearTimeout(pause)
  }, [behind, name, text, setParameter])

  /** Bring the address up to date now: before a page is left, so that Back finds the text. */
  function settle() {
    if (behind) setParameter(name, text)
  }

  return {
    text,
    setText,
    settle,
    /** What the address says: the text as it stood at the last pause. */
    settled,
    field: {
      value: text,
      onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        setText(event.target.value),
      onBlur: settle,
    },
  }
}
