/**
 * Parties of made-up companies, one for each country: numbers that pass their checks, and an address of a network.
 */
import { unknownParty } from '../../../src/db/invoices/parties.ts'
import type { Party } from '../../../src/invoices/invoice.ts'

const companies = {
  AT: ['ATU13585627', 'AT611904300234573201', '9914', 'ATU13585627', '1010', 'Wien'],
  BE: ['BE0202239951', 'BE68539007547034', '0208', '0202239951', '1000', 'Bruxelles'],
  CH: ['CHE107787577IVA', 'CH9300762011623852957', '9927', 'CHE107787577', '6900', 'Lugano'],
  DE: ['DE136695976', 'DE89370400440532013000', '9930', 'DE136695976', '10115', 'Berlin'],
  DK: ['DK13585628', 'DK5000400440116243', '0184', 'DK13585628', '1050', 'København'],
  ES: ['B58378431', 'ES9121000418450200051332', '9920', 'ESB58378431', '08007', 'Barcelona'],
  FR: ['FR83404833048', 'FR1420041010050500013M02606', '0002', '404833048', '75001', 'Paris'],
  GB: ['GB980780684', 'GB29NWBK60161331926819', '9932', 'GB980780684', 'EC1A 1BB', 'London'],
  IT: ['IT00743110157', 'IT60X0542811101000000123456', '0211', 'IT00743110157', '20121', 'Milano'],
  NL: ['NL004495445B01', 'NL91ABNA0417164300', '0106', '12345678', '1011 AB', 'Amsterdam'],
  NO: ['NO923609016MVA', 'NO9386011117947', '0192', '923609016', '0150', 'Oslo'],
  PT: ['PT501964843', 'PT50000201231234567890154', '9946', 'PT501964843', '1100-053', 'Lisboa'],
  SE: ['SE556036079301', 'SE4550000000058398257466', '0007', '5560360793', '111 20', 'Stockholm'],
} as const
export type Country = keyof typeof companies
export const countries = Object.keys(companies) as Country[]

/** Complete: what each profile asks of a seller. */
export function aSeller(country: Country): Party {
  const [taxId, iban, endpointScheme, endpointValue, postalCode, town] = companies[country]
  return {
    ...unknownParty,
    name: `Telco & Söhne ${country}`,
    taxId,
    address: 'High Street 1\nSecond floor',
    postalCode,
    town,
    country,
    email: 'billing@telco.example',
    phone: '+49 30 123456',
    iban,
    registration: 'Register of companies, sheet 7',
    contactName: 'Ms Roe',
    endpointScheme,
    endpointValue,
    creditorId: 'DE98ZZZ09999999999',
  }
}

export function aBuyer(country: Country): Party {
  const [taxId, , endpointScheme, endpointValue, postalCode, town] = companies[country]
  return {
    ...unknownParty,
    name: `Acme <${country}>`,
    taxId,
    address: 'Low Road 2',
    postalCode,
    town,
    province: 'Province',
    country,
    email: 'accounts@acme.example',
    contactName: 'Mr Doe',
    endpointScheme,
    endpointValue,
    buyerReference: '04011000-12345-34',
    purchaseOrder: 'PO-7',
  }
}

/** The same buyer, who lets its account be debited. */
export function debited(buyer: Party): Party {
  return { ...buyer, mandateId: 'M-2026/1', iban: 'DE89370400440532013000' }
}
