/**
 * Is this the id of a creditor that collects by SEPA direct debit: DE98ZZZ09999999999?
 *
 * Country, two check digits, a business code of three letters that the creditor may choose, and the national id. The check
 * digits are those of an IBAN (ISO 7064, mod 97-10) over all but the business code. Source: EPC AT-02. Neither ibantools 4.5 nor
 * stdnum 1.12 has it.
 */
export function readCreditorId(text: string): string | undefined {
  const id = text.replaceAll(/\s/g, '').toUpperCase()
  if (!/^[A-Z]{2}[0-9]{2}[0-9A-Z]{3}[0-9A-Z]{1,28}$/.test(id)) return undefined
  const checked = id.slice(7) + id.slice(0, 4)
  let rest = 0
  for (const letter of checked) {
    for (const digit of String(Number.parseInt(letter, 36))) rest = (rest * 10 + Number(digit)) % 97
  }
  return rest === 1 ? id : undefined
}
