/**
 * JSON as raw SQL gives it: parsed or, by the parsers that drizzle puts in place, as text.
 *
 * The shape is the writer's; what stands in a column was checked before it was written.
 */
export function readJson<Shape>(value: unknown): Shape {
  return (typeof value === 'string' ? JSON.parse(value) : value) as Shape
}
