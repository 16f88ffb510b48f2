/**
 * Which column does a heading name? Our own names, those of other systems, and the words of the trade in the languages
 * we speak: English, Spanish, Catalan, Italian, German, French, Portuguese. Units may stand in the heading.
 */
import { rateFieldNames, rateFields } from '../rating/rate-fields.ts'
import { type SheetColumn, sheetColumns } from './csv-columns.ts'
import { plainLetters, type StatedUnits, takeUnits } from './sheet-units.ts'

/**
 * Without accents, with `_` between words. `rate_minimum` is the least time charged, `rate_surcharge` the fee of an
 * answered call. A country code beside a city code is not here: neither is the prefix alone.
 */
const words: Partial<Record<SheetColumn, string>> = {
  prefix:
    'prefixes code codes dial_code dial_codes dialcode dialing_code dialling_code dial_prefix destination_code ' +
    'destination_prefix full_code prefix_from code_from range_from prefijo prefijos codigo codigos codigo_de_destino ' +
    'prefijo_de_destino prefixos codi codis codi_de_desti prefisso prefissi codice codici vorwahl vorwahlen prafix ' +
    'kennzahl prefixe indicatif indicatifs prefixo indicativo indicativos',
  prefix_to:
    'code_to range_to to_prefix prefijo_hasta codigo_hasta prefix_fins_a prefisso_a vorwahl_bis prefixe_a prefixo_ate',
  destination:
    'destinations destination_name name description zone destino nombre descripcion desti nom descripcio ' +
    'destinazione nome descrizione ziel zielname bezeichnung beschreibung libelle designation descricao',
  rate:
    'rates price prices cost tariff call_rate rate_per_minute price_per_minute ppm tarifa precio coste costo preu ' +
    'tariffa prezzo preis tarif minutenpreis preis_pro_minute prix cout preco custo',
  connect_fee:
    'connection_fee connect_charge connection_cost setup setup_charge set_up_fee call_setup call_setup_fee ' +
    'establecimiento coste_de_establecimiento cuota_de_establecimiento establecimiento_de_llamada establiment ' +
    'cost_d_establiment establiment_de_trucada scatto_alla_risposta costo_di_connessione verbindungsgebuhr ' +
    'verbindungsentgelt verbindungspreis frais_de_connexion cout_de_connexion frais_d_etablissement ' +
    'mise_en_relation taxa_de_conexao taxa_de_ligacao taxa_de_estabelecimento estabelecimento',
  increment:
    'increments rate_increment charge_period charging_period billing_increment billing_increments billing_interval ' +
    'interval subsequent_increment subsequent_interval next_increment next_interval interval_n incremento fraccion ' +
    'intervalo incremento_de_facturacion incremento_siguiente increment_de_facturacio increment_seguent intervallo ' +
    'incremento_di_fatturazione takt taktung abrechnungstakt folgetakt increment_de_facturation pas palier cadence ' +
    'cadencia incremento_de_faturacao',
  initial_increment:
    'rate_minimum first_increment initial_interval first_interval interval_1 minimum_duration min_duration ' +
    'minimum_increment initial_period incremento_inicial duracion_minima intervalo_inicial primer_incremento ' +
    'increment_inicial durada_minima incremento_iniziale durata_minima ersttakt erster_takt anfangstakt mindestdauer ' +
    'increment_initial duree_minimale premier_increment duracao_minima',
  effective_at:
    'effective effective_date effective_from valid_from start_date date_effective fecha_efectiva fecha_de_efecto ' +
    'fecha_de_vigencia vigencia valido_desde fecha_de_inicio data_efectiva data_d_efecte data_d_inici valid_des_de ' +
    'data_effettiva decorrenza data_di_decorrenza valido_dal valida_dal gultig_ab gultig_von date_d_effet ' +
    'date_d_application valable_a_partir_du en_vigueur_le data_efetiva data_de_vigencia data_de_inicio',
  minimum_price:
    'min_price minimum_charge min_charge precio_minimo preu_minim prezzo_minimo mindestpreis prix_minimum preco_minimo',
  maximum_price:
    'max_price maximum_charge max_charge precio_maximo preu_maxim prezzo_massimo hochstpreis prix_maximum preco_maximo',
  blocked: 'bloqueado bloquejat bloccato gesperrt bloque',
  currency: 'moneda valuta wahrung devise moeda divisa',
}

/** Names of a country: the destination only where no column gives it better, and otherwise nothing. */
const countries = new Set(['country', 'pais', 'paese', 'land', 'pays', 'country_name'])

const known = new Map<string, SheetColumn>([
  ...sheetColumns.map((column): [string, SheetColumn] => [column, column]),
  ...Object.entries(words).flatMap(([column, list]) =>
    list.split(' ').map((word): [string, SheetColumn] => [word, column as SheetColumn]),
  ),
  ...rateFieldNames.flatMap((name) => {
    const { column, aliases = [] }: { column: SheetColumn; aliases?: readonly string[] } = rateFields[name]
    return aliases.map((alias): [string, SheetColumn] => [alias, column])
  }),
])

export interface Heading {
  text: string
  column: SheetColumn | undefined
  isCountry: boolean
  units: StatedUnits
}

const noUnits: StatedUnits = { per: null, isCents: false, currency: null, rest: '' }

export function readHeading(text: string): Heading {
  const shown = text.trim()
  const name = normalizeHeading(plainLetters(shown))
  const units = takeUnits(shown)
  const whole = known.get(name)
  // `price_per_minute` is a name of its own and has a unit beside it.
  if (whole !== undefined)
    return { text: shown, column: whole, isCountry: false, units: { ...units, rest: '' } }
  if (countries.has(name)) return { text: shown, column: undefined, isCountry: true, units: noUnits }
  const withoutUnits = normalizeHeading(units.rest)
  const column =
    known.get(withoutUnits) ?? known.get(withoutUnits.replace(/_(?:s|secs?|seconds?|seg|sek|min)$/, ''))
  // `€/min` says what it is.
  const isRate = withoutUnits === '' && units.per !== null
  const rest = withoutUnits.endsWith('_min') ? 'min' : /_s[a-z]*$/.test(withoutUnits) ? 'sec' : ''
  return {
    text: shown,
    column: column ?? (isRate ? 'rate' : undefined),
    isCountry: false,
    units:
      column === undefined && !isRate ? noUnits : { ...units, rest: known.has(withoutUnits) ? '' : rest },
  }
}

/** `Billing Increment (sec)` becomes `billing_increment_sec`. */
function normalizeHeading(text: string): string {
  return text
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}*#]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** As two headings are compared that a mapping and a sheet name. */
export function sameHeading(one: string, other: string): boolean {
  return plainHeading(one) === plainHeading(other)
}

function plainHeading(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** For messages: what may stand above a column. */
export const columnNames = sheetColumns.join(', ')
