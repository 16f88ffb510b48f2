/**
 * Why no VAT is charged, as a code of the EC's list VATEX, and the tax category that the code goes with.
 *
 * A category other than these has no ground: it charges tax, or a rate of zero, and the standard refuses one (BR-S-10, BR-Z-10,
 * BR-AF-10, BR-AG-10).
 */

/** UNCL5305: exempt, reverse charge, within the Union, export, outside the scope of VAT. */
const categoriesWithGround = ['E', 'AE', 'K', 'G', 'O']

/** Codes of one category alone; all others are grounds of exemption. */
const categoryOfCode: Readonly<Record<string, string>> = {
  'VATEX-EU-AE': 'AE',
  'VATEX-FR-AE': 'AE',
  'VATEX-EU-IC': 'K',
  'VATEX-EU-G': 'G',
  'VATEX-EU-O': 'O',
}

const exemptions = new Set(
  (
    'EU-79-C EU-132 EU-132-1A EU-132-1B EU-132-1C EU-132-1D EU-132-1E EU-132-1F EU-132-1G EU-132-1H EU-132-1I EU-132-1J ' +
    'EU-132-1K EU-132-1L EU-132-1M EU-132-1N EU-132-1O EU-132-1P EU-132-1Q EU-135-1 EU-143 EU-143-1A EU-143-1B EU-143-1C ' +
    'EU-143-1D EU-143-1E EU-143-1F EU-143-1FA EU-143-1G EU-143-1H EU-143-1I EU-143-1J EU-143-1K EU-143-1L EU-144 ' +
    'EU-146-1E EU-148 EU-148-A EU-148-B EU-148-C EU-148-D EU-148-E EU-148-F EU-148-G EU-151 EU-151-1A EU-151-1AA EU-151-1B ' +
    'EU-151-1C EU-151-1D EU-151-1E EU-153 EU-159 EU-309 EU-D EU-F EU-I EU-J FR-FRANCHISE FR-CNWVAT FR-CGI261-1 FR-CGI261-2 ' +
    'FR-CGI261-3 FR-CGI261-4 FR-CGI261-5 FR-CGI261-7 FR-CGI261-8 FR-CGI261A FR-CGI261B FR-CGI261C-1 FR-CGI261C-2 ' +
    'FR-CGI261C-3 FR-CGI261D-1 FR-CGI261D-1BIS FR-CGI261D-2 FR-CGI261D-3 FR-CGI261D-4 FR-CGI261E-1 FR-CGI261E-2 ' +
    'FR-CGI277A FR-CGI275 FR-298SEXDECIESA FR-CGI295'
  )
    .split(' ')
    .map((code) => `VATEX-${code}`),
)

/** What is wrong with a code in this category, in words that follow its name; undefined: nothing. */
export function findExemptionFault(code: string, category: string): string | undefined {
  if (!categoriesWithGround.includes(category)) {
    return `goes with the categories ${categoriesWithGround.join(', ')} alone`
  }
  const wanted = categoryOfCode[code] ?? (exemptions.has(code) ? 'E' : undefined)
  if (wanted === undefined) return 'is not a code of the list VATEX such as "VATEX-EU-AE"'
  return wanted === category ? undefined : `goes with category ${wanted}`
}
