/** The thread behind `template-work.ts`: checks, previews and renders templates that a brand has written. */
import { serveJobs } from '../threads/serve-jobs.ts'
import { findTemplateFaults } from './check-template.ts'
import { previewMail } from './preview-mail.ts'
import { renderMail } from './render-mail.ts'
import { maxTemplateFaults, type TemplateFaultIn, type TemplateTask } from './template-work.ts'

serveJobs((task: TemplateTask) => {
  if (task.work === 'check') return check(task)
  if (task.work === 'preview') return previewMail(task.kind, task.locale, task.words)
  try {
    return { mail: renderMail(task.template, task.view) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
})

function check({ kind, contents }: Extract<TemplateTask, { work: 'check' }>): TemplateFaultIn[] {
  const faults: TemplateFaultIn[] = []
  for (const [language, template] of Object.entries(contents)) {
    for (const fault of findTemplateFaults(template, { kind, language })) faults.push({ language, ...fault })
    if (faults.length >= maxTemplateFaults) break
  }
  return faults.slice(0, maxTemplateFaults)
}
