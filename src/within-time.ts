/**
 * The work's own result, or what `onLate` makes where it takes longer; the work goes on all the same.
 * Without `onLate` it rejects.
 */
export async function withinTime<Value, Late = never>(
  work: Promise<Value>,
  timeoutMs: number,
  onLate: () => Late = () => {
    throw new Error(`no answer within ${timeoutMs} ms`)
  },
): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  }).then(onLate)
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
