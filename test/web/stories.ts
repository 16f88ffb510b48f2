/**
 * How a suite tells stories: tests that need a browser, left out with the reason where there is none.
 */
import type { Test } from 'uvu'
import { skipTest } from '../servers.ts'
import { findChromium } from './browser.ts'

export function storiesOf(test: Test): (name: string, tell: () => Promise<void>) => void {
  if (findChromium() !== undefined) return test
  return (name) => skipTest(test, name, 'no Chromium here: test/web/install-chromium.sh')
}
