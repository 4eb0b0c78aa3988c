import { useToast } from '@/components/ui/toast'

/** Copies a text; where the clipboard is closed, selects the field of this id to copy by hand. */
export function useCopy(field: string) {
  const toast = useToast()
  return async (text: string, said: string) => {
    try {
      await navigator.clipboard.writeText(text)
      toast.say(said)
    } catch {
      document.getElementById(field)?.focus()
    }
  }
}
