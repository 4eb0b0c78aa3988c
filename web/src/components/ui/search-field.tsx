import type { ComponentProps } from 'react'
import { Icon } from './icon'
import styles from './search-field.module.css'

export function SearchField({ label, ...input }: ComponentProps<'input'> & { label: string }) {
  return (
    <label className={styles.search}>
      <Icon name="search" />
      <span className="visually-hidden">{label}</span>
      <input type="search" placeholder={label} {...input} />
    </label>
  )
}
