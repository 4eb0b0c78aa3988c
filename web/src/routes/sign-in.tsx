import { useNavigate, useSearchParams } from 'react-router'
import { SignIn } from '@/features/accounts/sign-in'
import { useTitle } from '@/lib/use-title'
import styles from './page.module.css'

/** The door of a hosted studio; `next` is where one was before. */
export function SignInRoute() {
  useTitle('Sign in')
  const navigate = useNavigate()
  const [params] = useSearchParams()
  const next = params.get('next') ?? ''
  const inside = /^\/(?![/\\])/.test(next) ? next : '/'
  return (
    <div className={styles.page}>
      <SignIn refused={params.get('refused')} onDone={() => navigate(inside, { replace: true })} />
    </div>
  )
}
