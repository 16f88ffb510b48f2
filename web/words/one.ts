/** The word for a count that was written for the reader: that of one, or that of all other counts. */
export function one(count: string, singular: string, plural: string): string {
  return count === '1' ? singular : plural
}
