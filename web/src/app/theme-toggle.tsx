import { useEffect } from 'react'
import { IconButton } from '@/components/ui/button'
import { useStored } from '@/lib/storage'

type Theme = 'system' | 'light' | 'dark'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const SIGN = { system: 'auto', light: 'sun', dark: 'moon' } as const
const WORDS = { system: 'as your system', light: 'light', dark: 'dark' }

export function ThemeToggle() {
  const [theme, setTheme] = useStored<Theme>('theme', 'system')
  useEffect(() => {
    const root = document.documentElement
    if (theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
  }, [theme])
  return (
    <IconButton
      name={SIGN[theme]}
      label={`Colours: ${WORDS[theme]}. Switch to ${WORDS[NEXT[theme]]}`}
      onClick={() => setTheme(NEXT[theme])}
    />
  )
}
