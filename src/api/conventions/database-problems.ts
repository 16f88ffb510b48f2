/**
 * What does a refusal of PostgreSQL mean to the one who asked?
 *
 * The database guards what code might overlook (unique, foreign key, check, range). Its codes are translated
 * here; undefined means: not the asker's fault and not known. Codes: PostgreSQL "Appendix A. Error Codes".
 */
import { isInfrastructureFailure } from '../../db/failures.ts'
import type { InputFault } from '../../errors.ts'

interface Fault {
  code: string
  status: number
  detail: string
  errors?: InputFault[]
}

interface DatabaseError {
  code: string
  constraint_name?: string
}

/** Which field a unique constraint is about. */
const uniqueFields: Record<string, { pointer: string; what: string }> = {
  brands_name_unique: { pointer: '/name', what: 'a brand of this name' },
  clients_sip_domain_unique: { pointer: '/sipDomain', what: 'a client with this SIP domain' },
  clients_brand_id_name_unique: { pointer: '/name', what: 'a client of this name' },
  corporations_brand_id_name_unique: { pointer: '/name', what: 'a corporation of this name' },
  media_relay_sets_name_unique: { pointer: '/name', what: 'a media relay set of this name' },
  application_servers_name_unique: { pointer: '/name', what: 'an application server of this name' },
  notification_templates_brand_id_name_unique: {
    pointer: '/name',
    what: 'a notification template of this name',
  },
  one_default_notification_template: {
    pointer: '/isDefault',
    what: 'a default template for mails of this kind',
  },
  carriers_brand_id_code_unique: { pointer: '/code', what: 'a carrier of this code' },
  one_carrier_profile_per_instant: { pointer: '/activatesAt', what: 'a rating profile from this instant on' },
  one_exchange_rate_per_instant: {
    pointer: '/validFrom',
    what: 'an exchange rate of this pair from this instant on',
  },
  calendars_brand_id_name_unique: { pointer: '/name', what: 'a calendar of this name' },
  import_mappings_brand_id_name_unique: { pointer: '/name', what: 'an import mapping of this name' },
  rate_decks_brand_id_name_unique: { pointer: '/name', what: 'a rate deck of this name' },
  rating_plans_brand_id_name_unique: { pointer: '/name', what: 'a rating plan of this name' },
  authorized_sources_client_id_cidr_unique: { pointer: '/cidr', what: 'this source' },
  balance_alerts_client_id_threshold_email_unique: { pointer: '/threshold', what: 'this alert' },
  one_admin_per_username: { pointer: '/username', what: 'an admin of this name' },
  one_pending_direct_debit_per_invoice: {
    pointer: '',
    what: 'another direct debit run with one of these invoices',
  },
  one_profile_per_instant: { pointer: '/activatesAt', what: 'a rating profile at this instant' },
}

export function explainDatabaseError(error: unknown): Fault | undefined {
  if (isInfrastructureFailure(error)) {
    return { code: 'service_unavailable', status: 503, detail: 'The database does not answer: repeat later.' }
  }
  const found = findDatabaseError(error)
  if (!found) return undefined
  const { code } = found
  if (code === '23505') return explainDuplicate(found.constraint_name ?? '')
  if (code === '23503') {
    return {
      code: 'in_use',
      status: 409,
      detail: 'Something else refers to this, or this refers to something that is no longer there.',
    }
  }
  if (code === '23514') {
    return {
      code: 'invalid_request',
      status: 400,
      detail: `The values contradict each other (${found.constraint_name ?? 'check'}).`,
    }
  }
  if (code === '22003') {
    return {
      code: 'amount_out_of_range',
      status: 422,
      detail: 'An amount is larger than an account can hold.',
    }
  }
  // Class 22, data: a NUL in a text, a day that no calendar has. A division by zero would be ours.
  if (code.startsWith('22') && code !== '22012') {
    return {
      code: 'invalid_request',
      status: 400,
      detail: 'A value contains characters that cannot be stored or searched for.',
    }
  }
  return undefined
}

function explainDuplicate(constraint: string): Fault {
  const field = uniqueFields[constraint]
  if (!field) return { code: 'already_exists', status: 409, detail: 'This exists already.' }
  return {
    code: 'already_exists',
    status: 409,
    detail: `There is ${field.what} already.`,
    errors: [{ pointer: field.pointer, detail: 'is taken' }],
  }
}

/** drizzle wraps what the driver throws; the driver's error carries a code. */
function findDatabaseError(error: unknown): DatabaseError | undefined {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string' && !current.code.startsWith('FST_')) {
      const constraint =
        'constraint_name' in current && typeof current.constraint_name === 'string'
          ? { constraint_name: current.constraint_name }
          : {}
      return { code: current.code, ...constraint }
    }
    current = current.cause
  }
  return undefined
}
