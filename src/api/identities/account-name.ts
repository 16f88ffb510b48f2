/**
 * Whose account does a log-in mean? A client and a username, or a brand and a username.
 */
import Type, { type Static, type TObject } from 'typebox'
import { InvalidRequest } from '../../errors.ts'
import type { AccountName } from '../../identities/sessions.ts'

const plainText = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}]+$', description, examples: [example] })

export const AccountFields = {
  client: Type.Optional(
    plainText(253, "A client's id or SIP domain: the portal's users.", 'acme.example.com'),
  ),
  brand: Type.Optional(plainText(255, "Or a brand's id or name: the console's users.", 'Example Telecom')),
  username: plainText(254, 'In any case of letters.', 'ana@acme.example.com'),
}

/** Throws `InvalidRequest` unless one of the two is named. */
export function readAccountName({
  client,
  brand,
  username,
}: Static<TObject<typeof AccountFields>>): AccountName {
  if (client !== undefined && brand !== undefined) {
    throw new InvalidRequest('A log-in names a client or a brand, not both.', [
      { pointer: '/brand', detail: 'must be left out where a client is named' },
    ])
  }
  if (client !== undefined) return { client, username }
  if (brand !== undefined) return { brand, username }
  throw new InvalidRequest('A log-in names a client or a brand.', [
    { pointer: '/client', detail: 'is required' },
  ])
}
