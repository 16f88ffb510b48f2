/**
 * Is this a bank account's number (IBAN, ISO 13616) or a bank's code (BIC, ISO 9362)?
 */
import {
  electronicFormatIBAN,
  friendlyFormatIBAN,
  isValidBIC,
  ValidationErrorsIBAN,
  validateIBAN,
} from 'ibantools'

/**
 * Without blanks, in capitals. Undefined where the country has no IBAN, its length or form is another, or mod 97 fails.
 * Check digits of some countries within the number are not looked at: banks have accounts that fail them.
 */
export function readIban(text: string): string | undefined {
  const iban = electronicFormatIBAN(text)
  if (iban === null || iban === '') return undefined
  const faults = validateIBAN(iban).errorCodes
  const isValid = faults.every((fault) => fault === ValidationErrorsIBAN.WrongAccountBankBranchChecksum)
  return isValid ? iban : undefined
}

/** As people read and type it: in groups of four. */
export function groupIban(iban: string): string {
  return friendlyFormatIBAN(iban) ?? iban
}

export function isBic(text: string): boolean {
  return isValidBIC(text)
}
