import { useDelete } from '@/api/actions'
import { setGone } from '@/api/gone'
import type { Source } from '@/api/types'
import { useToast } from '@/components/ui/toast'

/** Deletes an experiment: gone at once, for good when the time to undo it or the page is over. */
export function useDeletion() {
  const { mutateAsync } = useDelete()
  const toast = useToast()
  return (id: string, sentence: string) => {
    const source: Source = { kind: 'own', id }
    const decided = new AbortController()

    function send() {
      if (decided.signal.aborted) return
      decided.abort()
      mutateAsync(id).catch((error) => {
        setGone(source, false)
        toast.fail(error)
      })
    }

    function undo() {
      decided.abort()
      setGone(source, false)
    }

    setGone(source, true)
    addEventListener('pagehide', send, { signal: decided.signal })
    toast.offerUndo(`Deleted “${sentence}”`, { undo, go: send })
  }
}
