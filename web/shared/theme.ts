/**
 * Light or dark: as the system says, unless the reader chose here.
 */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const stored = 'tollgate.theme'

export function chosenTheme(): Theme {
  const theme = localStorage.getItem(stored)
  return themes.find((known) => known === theme) ?? 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(stored)
  else localStorage.setItem(stored, theme)
  applyTheme()
  dispatchEvent(new Event('tollgate-theme'))
}

export function applyTheme(): void {
  const theme = chosenTheme()
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
