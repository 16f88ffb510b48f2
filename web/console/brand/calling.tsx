/** How a brand reads numbers, ends calls and chooses carriers. */
import { SelectField, TextAreaField, TextField } from '../../shared/form.tsx'
import { useConsole } from '../console.tsx'
import { CheckField } from '../parts.tsx'
import { ReasonCodes } from './reason-codes.tsx'
import { readList, Settings, type Shown } from './settings.tsx'

const policies = ['zero', 'last-known', 'cap'] as const
const profiles = ['standard', 'ivozprovider'] as const

export function Calling({ brand, change }: Shown) {
  const { texts } = useConsole()
  return (
    <>
      <Numbering brand={brand} change={change} />
      <Settings
        title={texts.calling}
        change={change}
        read={({ maxCalls, maxRingSeconds, lostEndPolicy, reasonProfile, leastCostRouting, lcrSeconds }) => ({
          maxCalls: Number(maxCalls),
          maxRingSeconds: Number(maxRingSeconds),
          lostEndPolicy: policies.find((known) => known === lostEndPolicy) ?? 'zero',
          reasonProfile: profiles.find((known) => known === reasonProfile) ?? 'standard',
          leastCostRouting: leastCostRouting === 'on',
          lcrSeconds: Number(lcrSeconds),
        })}
      >
        <TextField
          name="maxCalls"
          label={texts.brandSettings.maxCalls}
          hint={texts.maxCallsHint}
          value={String(brand.maxCalls ?? 0)}
          pattern="[0-9]+"
          required
        />
        <TextField
          name="maxRingSeconds"
          label={texts.brandSettings.maxRingSeconds}
          hint={texts.brandSettings.maxRingHint}
          value={String(brand.maxRingSeconds ?? 600)}
          pattern="[0-9]+"
          required
        />
        <SelectField
          name="lostEndPolicy"
          label={texts.brandSettings.lostEnd}
          hint={texts.brandSettings.lostEndHint}
          value={brand.lostEndPolicy ?? 'zero'}
          options={policies.map((value) => ({ value, text: texts.brandSettings.lostEndPolicies[value] }))}
        />
        <SelectField
          name="reasonProfile"
          label={texts.brandSettings.reasonProfile}
          hint={texts.brandSettings.reasonProfileHint}
          value={brand.reasonProfile ?? 'standard'}
          options={profiles.map((value) => ({ value, text: texts.brandSettings.reasonProfiles[value] }))}
        />
        <CheckField
          name="leastCostRouting"
          label={texts.brandSettings.leastCostRouting}
          hint={texts.brandSettings.leastCostRoutingHint}
          isOn={brand.leastCostRouting ?? false}
        />
        <TextField
          name="lcrSeconds"
          label={texts.brandSettings.lcrSeconds}
          value={String(brand.lcrSeconds ?? 180)}
          pattern="[0-9]+"
          required
        />
      </Settings>
      <ReasonCodes brand={brand} change={change} />
    </>
  )
}

/** Without a country code every number is read as it is dialled. */
function Numbering({ brand, change }: Shown) {
  const { texts } = useConsole()
  const { numbering, specialNumbers = [], freeNumbers = [] } = brand
  return (
    <Settings
      title={texts.brandSettings.numbers}
      change={change}
      read={({
        countryCode = '',
        internationalPrefixes,
        nationalPrefix = '',
        nationalLengths,
        ...lists
      }) => ({
        numbering:
          countryCode.trim() === ''
            ? null
            : {
                countryCode: countryCode.trim(),
                internationalPrefixes: readList(internationalPrefixes),
                nationalPrefix: nationalPrefix.trim(),
                nationalLengths: readList(nationalLengths).map(Number),
              },
        specialNumbers: readList(lists.specialNumbers),
        freeNumbers: readList(lists.freeNumbers),
      })}
    >
      <TextField
        name="countryCode"
        label={texts.brandSettings.countryCode}
        hint={texts.brandSettings.countryCodeHint}
        value={numbering?.countryCode ?? ''}
        pattern="[1-9][0-9]{0,2}"
      />
      <TextField
        name="internationalPrefixes"
        label={texts.brandSettings.internationalPrefixes}
        hint={texts.brandSettings.internationalPrefixesHint}
        value={numbering?.internationalPrefixes.join(', ') ?? ''}
      />
      <TextField
        name="nationalPrefix"
        label={texts.brandSettings.nationalPrefix}
        hint={texts.brandSettings.nationalPrefixHint}
        value={numbering?.nationalPrefix ?? ''}
        pattern="[0-9]*"
      />
      <TextField
        name="nationalLengths"
        label={texts.brandSettings.nationalLengths}
        hint={texts.brandSettings.nationalLengthsHint}
        value={numbering?.nationalLengths.join(', ') ?? ''}
      />
      <TextAreaField
        name="specialNumbers"
        label={texts.brandSettings.specialNumbers}
        hint={texts.brandSettings.specialNumbersHint}
        value={specialNumbers.join('\n')}
      />
      <TextAreaField
        name="freeNumbers"
        label={texts.brandSettings.freeNumbers}
        hint={texts.brandSettings.freeNumbersHint}
        value={freeNumbers.join('\n')}
      />
    </Settings>
  )
}
