import type { ComponentProps } from 'react'
import { Link } from 'react-router'
import { classes } from '@/lib/classes'
import styles from './button.module.css'
import { Icon, type IconName } from './icon'

type Look = {
  look?: 'primary' | 'solid' | 'plain'
  size?: 'small' | 'medium' | 'large'
  icon?: IconName
}

export function Button({
  look = 'solid',
  size = 'medium',
  icon,
  busy,
  className,
  children,
  disabled,
  ...rest
}: ComponentProps<'button'> & Look & { busy?: boolean }) {
  return (
    <button
      type="button"
      className={classes(styles.button, styles[look], styles[size], className)}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      {...rest}
    >
      {icon && <Icon name={icon} size={size === 'small' ? 17 : 20} />}
      {children}
    </button>
  )
}

export function ButtonLink({
  look = 'solid',
  size = 'medium',
  icon,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & Look) {
  return (
    <Link className={classes(styles.button, styles[look], styles[size], className)} {...rest}>
      {icon && <Icon name={icon} size={size === 'small' ? 17 : 20} />}
      {children}
    </Link>
  )
}

/** A link to a file of the server. */
export function FileLink({
  look = 'solid',
  size = 'medium',
  icon,
  className,
  children,
  ...rest
}: ComponentProps<'a'> & Look) {
  return (
    <a className={classes(styles.button, styles[look], styles[size], className)} {...rest}>
      {icon && <Icon name={icon} size={size === 'small' ? 17 : 20} />}
      {children}
    </a>
  )
}

/** A round button that only shows a sign; `label` is what it does. */
export function IconButton({
  name,
  label,
  size = 20,
  active,
  filled,
  className,
  ...rest
}: ComponentProps<'button'> & {
  name: IconName
  label: string
  size?: number
  active?: boolean
  filled?: boolean
}) {
  return (
    <button
      type="button"
      className={classes(styles.icon, active && styles.active, className)}
      aria-label={label}
      aria-pressed={active}
      title={label}
      {...rest}
    >
      <Icon name={name} size={size} filled={filled} />
    </button>
  )
}
