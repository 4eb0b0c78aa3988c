import { useState } from 'react'

/** A choice that this browser remembers, where it may. */
export function useStored<T extends string>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(key) ?? initial)
  function store(next: T) {
    setValue(next)
    try {
      localStorage.setItem(`tabrl.${key}`, next)
    } catch {
      // Private windows may forbid it: the choice lasts as long as the page.
    }
  }
  return [value, store]
}

function read<T extends string>(key: string): T | null {
  try {
    return localStorage.getItem(`tabrl.${key}`) as T | null
  } catch {
    return null
  }
}
