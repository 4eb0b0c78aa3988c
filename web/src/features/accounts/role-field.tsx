import type { Role } from '@/api/types'
import styles from './accounts.module.css'
import { ROLES } from './roles'

export function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  return (
    <label className={styles.field}>
      Role
      <select value={value} onChange={(event) => onChange(event.target.value as Role)}>
        {Object.entries(ROLES).map(([role, { name }]) => (
          <option key={role} value={role}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
