/**
 * In which country is an address?
 *
 * From a MaxMind DB file: `GEOIP_DB`, else the bundled registry data. Their age is told, since an old file
 * moves callers to other countries.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Reader, type Response } from 'mmdb-lib'

export interface GeoIp {
  /** ISO 3166 alpha-2; undefined where the file knows no country. */
  countryOf(address: string): string | undefined
  /** When the data were built, in milliseconds since 1970. */
  builtAt: number
}

/** The shapes of GeoLite-like files and of the bundled one. */
interface CountryRecord {
  country?: { iso_code?: string }
  country_code?: string
}

const bundled = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'

/** Reads the file whole. Throws where it is missing or no MaxMind DB. */
export function openGeoIp(file: string | null): GeoIp {
  const path = file ?? createRequire(import.meta.url).resolve(bundled)
  const reader = new Reader<Response>(readFileSync(path))
  return {
    countryOf(address) {
      const record = reader.get(address) as CountryRecord | null
      return record?.country?.iso_code ?? record?.country_code
    },
    builtAt: reader.metadata.buildEpoch.getTime(),
  }
}
