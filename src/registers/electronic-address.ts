/**
 * Is this an electronic address that networks of e-invoices know: a scheme of the EC's list EAS, and a value of its form?
 *
 * Only schemes whose form the networks check themselves are checked here; a scheme that the list has lost since stays where
 * it was kept. Source: "Electronic Address Scheme", code list of EN 16931; check digits as Peppol's rules have them.
 */
import { stdnum } from 'stdnum'

const schemes = new Set(
  (
    '0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 ' +
    '0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 ' +
    '0219 0220 0221 0225 0230 0235 0240 0242 0244 0245 0246 0248 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 ' +
    '9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 ' +
    '9949 9950 9951 9952 9953 9957 9959 AN AQ AS AU EM'
  ).split(' '),
)

/** Schemes that EN 16931 has and Peppol has not: its rule CL008 refuses them. */
const notInPeppol = new Set('0219 0220 0242 0244 0245 0246 0248 AN AQ AS AU EM'.split(' '))

export function isAddressScheme(scheme: string): boolean {
  return schemes.has(scheme)
}

export function isPeppolScheme(scheme: string): boolean {
  return schemes.has(scheme) && !notInPeppol.has(scheme)
}

/** What is wrong with the value, in words that follow its name; undefined: nothing that can be checked. */
export function findAddressFault({ scheme, value }: { scheme: string; value: string }): string | undefined {
  const form = forms[scheme]
  if (!form || form.test(value)) return undefined
  return `is not a valid ${form.name}`
}

interface Form {
  name: string
  test: (value: string) => boolean
}

const digits = (count: number) => new RegExp(`^[0-9]{${count}}$`)
const isNumber = (country: string, name: string, value: string): boolean =>
  stdnum[country]?.[name]?.validate(value).isValid ?? false

const forms: Readonly<Record<string, Form>> = {
  '0007': {
    name: 'Swedish organization number of ten digits',
    test: (value) => digits(10).test(value) && isNumber('SE', 'orgnr', value),
  },
  '0088': { name: 'GLN', test: (value) => /^[0-9]+$/.test(value) && hasGs1CheckDigit(value) },
  '0151': { name: 'Australian business number', test: (value) => isNumber('AU', 'abn', value) },
  '0184': { name: 'Danish CVR number', test: (value) => /^(?:DK)?[0-9]{8}$/.test(value) },
  '0192': {
    name: 'Norwegian organization number of nine digits',
    test: (value) => digits(9).test(value) && isNumber('NO', 'orgnr', value),
  },
  '0208': {
    name: 'Belgian enterprise number of ten digits',
    test: (value) =>
      digits(10).test(value) && 97 - (Number(value.slice(0, 8)) % 97) === Number(value.slice(8)),
  },
  EM: { name: 'e-mail address', test: (value) => /^[^@\s]+@([^@.\s]+\.)+[^@.\s]+$/.test(value) },
}

/** From the right, digits count 1 and 3 in turn and sum to a multiple of ten (GS1 General Specifications, 7.9). */
function hasGs1CheckDigit(value: string): boolean {
  const sum = [...value]
    .reverse()
    .reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0)
  return sum % 10 === 0
}
