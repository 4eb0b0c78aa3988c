import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { ProblemError } from '@/api/client'
import { Button } from './button'
import styles from './toast.module.css'

/** What can be undone while its toast is shown; `go` is called when that has ended, undone or not. */
type Offer = { undo: () => void; go: () => void }
type Toast = { id: number; text: string; tone: 'plain' | 'fail'; offer?: Offer }
type Toasts = {
  say: (text: string) => void
  fail: (error: unknown) => void
  offerUndo: (text: string, offer: Offer) => void
}

const Context = createContext<Toasts>({
  say: () => {},
  fail: () => {},
  offerUndo: (_, { go }) => go(),
})

export const useToast = () => useContext(Context)

const SHOWN_MS = { plain: 4000, fail: 9000, offer: 8000 }

/** Short messages at the page's foot, read out as they come. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const add = useCallback((toast: Omit<Toast, 'id'>) => {
    setToasts((shown) => [...shown, { ...toast, id: Date.now() + Math.random() }])
  }, [])
  const end = useCallback((ended: Toast) => {
    setToasts((shown) => shown.filter((toast) => toast !== ended))
    ended.offer?.go()
  }, [])
  const value = useMemo<Toasts>(
    () => ({
      say: (text) => add({ text, tone: 'plain' }),
      fail: (error) => add({ text: words(error), tone: 'fail' }),
      offerUndo: (text, offer) => add({ text, tone: 'plain', offer }),
    }),
    [add],
  )
  return (
    <Context value={value}>
      {children}
      <div className={styles.toasts} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <Message key={toast.id} toast={toast} onEnd={end} />
        ))}
      </div>
    </Context>
  )
}

/** Stays while a pointer or the focus is on it. */
function Message({ toast, onEnd }: { toast: Toast; onEnd: (toast: Toast) => void }) {
  const [held, setHeld] = useState(false)
  const { text, tone, offer } = toast
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => onEnd(toast), SHOWN_MS[offer ? 'offer' : tone])
    return () => clearTimeout(timer)
  }, [held, toast, onEnd, tone, offer])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a pointer on it only keeps it
    <div
      className={styles[tone]}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p>{text}</p>
      {offer && (
        <Button
          size="small"
          look="primary"
          onClick={() => {
            offer.undo()
            onEnd(toast)
          }}
        >
          Undo
        </Button>
      )}
    </div>
  )
}

function words(error: unknown): string {
  if (error instanceof ProblemError) return `${error.message} ${error.hint}`.trim()
  return error instanceof Error ? error.message : String(error)
}
