/**
 * A folder with these files, as another system would leave it.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testFolder } from '../servers.ts'

export function folderOf(files: Record<string, readonly string[]>): string {
  const folder = mkdtempSync(join(testFolder(), 'tariff-migration-'))
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return folder
}

/** CGRateS: one plan with a day tariff and an evening, and a row of each kind without an equal. */
export const cgratesFiles = {
  'Destinations.csv': ['#Id,Prefix', 'SPAIN,+34', 'SPAIN_MOBILE,346', 'SPAIN_MOBILE,347', 'ODD,34A'],
  'Rates.csv': [
    '#Id,ConnectFee,Rate,RateUnit,RateIncrement,GroupIntervalStart',
    'R_DAY,0.1,0.06,60s,60s,0s',
    'R_DAY,0,0.03,1m,1s,60s',
    'R_LOW,0,0.01,60s,1s,0s',
    'R_BARE,0,0.01,1,1,0',
  ],
  'DestinationRates.csv': [
    '#Id,DestinationId,RatesTag,RoundingMethod,RoundingDecimals,MaxCost,MaxCostStrategy',
    'DR_DAY,SPAIN_MOBILE,R_DAY,*up,4,2.5,*disconnect',
    'DR_LOW,SPAIN_MOBILE,R_LOW,*up,4,0,',
    'DR_LOW,*any,R_DAY,*middle,2,0,',
    'DR_LOW,ODD,R_LOW,*up,4,0,',
    'DR_LOW,SPAIN,R_BARE,*up,4,0,',
    'DR_LOW,SPAIN,R_LOW,*up,9,0,',
    'DR_LOW,NOWHERE,R_LOW,*up,4,0,',
  ],
  'Timings.csv': [
    '#Tag,Years,Months,MonthDays,WeekDays,Time',
    'EVENING,*any,*any,*any,1;2;3;4;5,19:30:00',
    'CHRISTMAS,*any,12,25,*any,00:00:00',
    'ODD,*any,*any,*any,*any,08:00:30',
  ],
  'RatingPlans.csv': [
    '#Id,DestinationRatesId,TimingTag,Weight',
    'RETAIL,DR_DAY,*any,10',
    'RETAIL,DR_LOW,EVENING,10',
    'RETAIL,DR_LOW,CHRISTMAS,20',
  ],
  'RatingProfiles.csv': [
    '#Tenant,Category,Subject,ActivationTime,RatingPlanId,RatesFallbackSubject',
    'example.com,call,Acme,2026-01-01T00:00:00Z,RETAIL,',
    'example.com,sms,Acme,2026-01-01T00:00:00Z,RETAIL,',
    'example.com,call,*any,2026-01-01T00:00:00Z,RETAIL,',
    'example.com,call,Nobody,2026-01-01T00:00:00Z,RETAIL,',
  ],
}

/** CGRateS: minutes of a month with a fee, minutes of a week, and plans of which something has no equal. */
export const cgratesAllowanceFiles = {
  'Destinations.csv': ['SPAIN,34', 'FRANCE,33'],
  'Timings.csv': ['FIRST,*any,*any,1,*any,00:00:00', 'NOON,*any,*any,*any,*any,12:00:00'],
  'Actions.csv': [
    'MINUTES,*topup_reset,,,SPAIN_100,*voice,,SPAIN;FRANCE,*zero1s,,*unlimited,,100m,20,false,false,10',
    'MINUTES,*topup_reset,,,NIGHTS,*voice,,*any,,,*month_end,,1h,10,false,false,10',
    'FEE,*debit,,,,*monetary,,*any,,,*unlimited,,9.9,10,false,false,10',
    'WEEKLY,*topup_reset,,,,*voice,,SPAIN,,,,,90s,10,false,false,10',
    'KEPT,*topup,,,,*voice,,SPAIN,,,,,90s,10,false,false,10',
    'PRICED,*topup_reset,,,,*voice,,SPAIN,SPECIAL,,,,90s,10,false,false,10',
    'BARE,*topup_reset,,,,*voice,,SPAIN,,,,,3600000000000,10,false,false,10',
    'MONEY,*topup_reset,,,,*monetary,,*any,,,*unlimited,,10,10,false,false,10',
  ],
  'ActionPlans.csv': [
    'SPAIN 100,MINUTES,*asap,10',
    'SPAIN 100,MINUTES,FIRST,10',
    'SPAIN 100,FEE,FIRST,10',
    'WEEK,WEEKLY,*weekly,10',
    'KEEP,KEPT,FIRST,10',
    'PRICES,PRICED,FIRST,10',
    'OLD,BARE,FIRST,10',
    'ONCE,WEEKLY,*asap,10',
    'LUNCH,WEEKLY,NOON,10',
    'PREPAID,MONEY,*asap,10',
  ],
  'AccountActions.csv': [
    'example.com,Acme,SPAIN 100,,,',
    'example.com,Acme,KEEP,,,',
    'example.com,Nobody,WEEK,,,',
    'example.com,Acme,PREPAID,,,',
  ],
}

export const ivozProviderFiles = {
  'Currencies.csv': ['id,iden', '1,EUR', '2,USD'],
  'DestinationRateGroups.csv': [
    'id,name_en,name_es,currencyId,deductibleConnectionFee',
    '1,General,General,1,0',
    '2,Nights,Noches,1,0',
    '3,Odd,Raro,1,1',
    '4,Dollars,Dólares,2,0',
  ],
  'Destinations.csv': [
    'id,prefix,name_en,name_es',
    '1,+34,Spain,España',
    '2,+346,"Spain, mobile","España, móvil"',
  ],
  'DestinationRates.csv': [
    'id,rate,connectFee,rateIncrement,groupIntervalStart,destinationRateGroupId,destinationId',
    '1,0.0200,0.0000,1s,0s,1,1',
    '2,0.1000,0.0500,60s,0s,1,2',
    '3,0.0100,0.0000,1s,0s,2,2',
    '4,0.0100,0.0000,1s,0s,3,2',
    '5,0.0100,0.0000,1s,0s,4,2',
  ],
  'RatingPlanGroups.csv': ['id,name_en,name_es,currencyId', '1,Retail,Minorista,1', '2,Empty,Vacío,1'],
  'RatingPlans.csv': [
    'id,weight,timing_type,time_in,monday,tuesday,wednesday,thursday,friday,saturday,sunday,ratingPlanGroupId,destinationRateGroupId',
    '1,10.00,always,00:00:00,1,1,1,1,1,1,1,1,1',
    '2,10.50,custom,20:00:00,1,1,1,1,1,0,0,1,2',
    '3,11.00,always,00:00:00,1,1,1,1,1,1,1,1,4',
  ],
  'Companies.csv': ['id,name,domain_users', '7,Acme,acme1.example.com'],
  'RatingProfiles.csv': [
    'id,activationTime,companyId,carrierId,ratingPlanGroupId,routingTagId',
    '1,2026-01-01 00:00:00,7,NULL,1,NULL',
    '2,2026-01-01 00:00:00,NULL,3,1,NULL',
    '3,2026-02-01 00:00:00,7,NULL,1,5',
  ],
}
