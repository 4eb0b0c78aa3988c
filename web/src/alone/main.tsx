import '@fontsource-variable/bricolage-grotesque/wght.css'
import '@fontsource-variable/figtree/wght.css'
import '../styles/tokens.css'
import '../styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Alone } from './alone'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Alone />
    </StrictMode>,
  )
}
