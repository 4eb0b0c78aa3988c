import { useId } from 'react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useCopy } from '@/components/ui/use-copy'
import styles from './accounts.module.css'

/** Something that is shown this once. */
export function Secret({ label, value }: { label: string; value: string }) {
  const id = useId()
  const copy = useCopy(id)

  return (
    <Notice title={label} detail="Copy it now: it is shown this once.">
      <div className={styles.row}>
        <label className={styles.field} htmlFor={id}>
          <span className="visually-hidden">{label}</span>
          <input
            id={id}
            readOnly
            className={styles.secret}
            value={value}
            onFocus={(event) => event.target.select()}
          />
        </label>
        <Button icon="copy" onClick={() => copy(value, 'It is on your clipboard.')}>
          Copy
        </Button>
      </div>
    </Notice>
  )
}
