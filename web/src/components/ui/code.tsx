import { highlight } from '@/lib/highlight'
import styles from './code.module.css'
import '@fontsource-variable/jetbrains-mono/wght.css'

/** Reward source, coloured. */
export function Code({ source, label }: { source: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.code} tabIndex={0} aria-label={label}>
      <code>
        {highlight(source).map((token, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity but their place
          <span key={index} className={token.kind ? styles[token.kind] : undefined}>
            {token.text}
          </span>
        ))}
      </code>
    </section>
  )
}
