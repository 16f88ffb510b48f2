/** What a body may call itself. */
export const jsonTypes = ['application/json', 'application/merge-patch+json']
