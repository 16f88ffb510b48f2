/**
 * Work on templates that brands have written, away from the calls: in threads of their own, with a time for each job and
 * places for each brand.
 *
 * Liquid stops a part after 250 ms; thirty languages of three parts, each rendered twice, would still hold up calls for
 * most of a minute. A check has five seconds for all of them. Built-in templates are rendered where they are needed.
 */
import { FairPlaces } from '../quotas/fair-places.ts'
import { OutOfTime, ThreadEnded, ThreadPool } from '../threads/thread-pool.ts'
import type { TemplateFault } from './check-template.ts'
import type { TemplateSet } from './choose-template.ts'
import type { MailKind } from './mail-content.ts'
import type { MailTemplate } from './mail-template.ts'
import type { MailView } from './mail-view.ts'
import type { MailPreview } from './preview-mail.ts'
import type { RenderedMail } from './render-mail.ts'
import type { SampleLocale } from './sample-content.ts'

export interface TemplateFaultIn extends Omit<TemplateFault, 'part'> {
  /** null: of all of it. */
  language: string | null
  part: TemplateFault['part'] | null
}

interface Words {
  content: MailTemplate | undefined
  stored: TemplateSet | undefined
}

export type TemplateTask =
  | { work: 'check'; kind: MailKind; contents: TemplateSet }
  | { work: 'preview'; kind: MailKind; locale: SampleLocale; words: Words }
  | { work: 'render'; template: MailTemplate; view: MailView }

/** More than a person reads; the first of them end a check. */
export const maxTemplateFaults = 50

const threads = 2
const budgetMs = 5_000
const pool = new ThreadPool({
  file: new URL('./template-thread.ts', import.meta.url),
  threads,
  budgetMs,
  memoryMb: 128,
})
const places = new FairPlaces(
  { running: threads, runningPerTenant: 1, waitingPerTenant: 20, waiting: 200, timeoutMs: null },
  { code: 'too_many_jobs', what: 'templates', retryAfterSeconds: 5 },
)

/** A template cannot make this mail, in Liquid's words. */
export class TemplateNotRendered extends Error {}

/** `tenant`: the brand that asks. Throws `QuotaReached`. */
export async function checkTemplates(
  tenant: string,
  { kind, contents }: { kind: MailKind; contents: TemplateSet },
): Promise<TemplateFaultIn[]> {
  try {
    return (await work(tenant, { work: 'check', kind, contents })) as TemplateFaultIn[]
  } catch (error) {
    const detail = describeExcess(error)
    if (detail === undefined) throw error
    return [{ language: null, part: null, detail }]
  }
}

/** What was checked, shown. Throws `QuotaReached`, and an Error with Liquid's words. */
export async function previewInThread(
  tenant: string,
  { kind, locale, words }: { kind: MailKind; locale: SampleLocale; words: Words },
): Promise<MailPreview> {
  return (await work(tenant, { work: 'preview', kind, locale, words })) as MailPreview
}

/** Throws `TemplateNotRendered`; whatever else is thrown may go better at another time. */
export async function renderInThread(
  tenant: string,
  { template, view }: { template: MailTemplate; view: MailView },
): Promise<RenderedMail> {
  const done = (await work(tenant, { work: 'render', template, view })) as
    | { mail: RenderedMail }
    | { fault: string }
  if ('fault' in done) throw new TemplateNotRendered(done.fault)
  return done.mail
}

function work(tenant: string, task: TemplateTask): Promise<unknown> {
  return places.run({ brandId: tenant, clientId: null }, () => pool.run(task))
}

function describeExcess(error: unknown): string | undefined {
  if (error instanceof OutOfTime) return `takes more than ${budgetMs / 1000} seconds to check`
  if (error instanceof ThreadEnded) return 'takes too much memory to check'
  return undefined
}
