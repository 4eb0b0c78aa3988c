import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { ProblemError } from '@/api/client'
import styles from './toast.module.css'

type Toast = { id: number; text: string; tone: 'plain' | 'fail' }
type Toasts = { say: (text: string) => void; fail: (error: unknown) => void }

const Context = createContext<Toasts>({ say: () => {}, fail: () => {} })

export const useToast = () => useContext(Context)

const SHOWN_MS = { plain: 4000, fail: 9000 }

/** Short messages at the page's foot, read out as they come. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const add = useCallback((text: string, tone: Toast['tone']) => {
    const id = Date.now() + Math.random()
    setToasts((shown) => [...shown.slice(-2), { id, text, tone }])
    setTimeout(() => setToasts((shown) => shown.filter((t) => t.id !== id)), SHOWN_MS[tone])
  }, [])
  const value = useMemo<Toasts>(
    () => ({ say: (text) => add(text, 'plain'), fail: (error) => add(words(error), 'fail') }),
    [add],
  )
  return (
    <Context value={value}>
      {children}
      <div className={styles.toasts} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <p key={toast.id} className={styles[toast.tone]}>
            {toast.text}
          </p>
        ))}
      </div>
    </Context>
  )
}

function words(error: unknown): string {
  if (error instanceof ProblemError) return `${error.message} ${error.hint}`.trim()
  return error instanceof Error ? error.message : String(error)
}
