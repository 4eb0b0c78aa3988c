import { useQuery } from '@tanstack/react-query'
import { NavLink, Outlet, ScrollRestoration } from 'react-router'
import { healthQuery } from '@/api/queries'
import { Boundary } from '@/components/ui/boundary'
import { Logo } from '@/components/ui/logo'
import { Enter } from '@/features/accounts/enter'
import styles from './layout.module.css'
import { ThemeToggle } from './theme-toggle'
import { Trouble } from './trouble'

const PAGES = [
  { to: '/', label: 'Studio' },
  { to: '/explore', label: 'Explore' },
  { to: '/experiments', label: 'Experiments' },
]

export function Layout() {
  const where = useQuery(healthQuery).data?.where || 'on this machine'
  return (
    <>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      <Trouble />
      <header className={styles.header}>
        <NavLink to="/" className={styles.brand} aria-label="TabRL, the studio">
          <Logo />
          <span>TabRL</span>
        </NavLink>
        <nav aria-label="Pages" className={styles.nav}>
          {PAGES.map((page) => (
            <NavLink key={page.to} to={page.to} end={page.to === '/'} className={styles.link}>
              {page.label}
            </NavLink>
          ))}
        </nav>
        <Enter />
        <ThemeToggle />
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        <Boundary name="This page">
          <Outlet />
        </Boundary>
      </main>
      <footer className={styles.footer}>
        <p>What you teach is trained and filmed {where}. The library was trained in advance.</p>
      </footer>
      <ScrollRestoration />
    </>
  )
}
