/**
 * Goes on with an answer as soon as there is one: at once where it is known at once, without a promise and a turn of the
 * microtasks, which cost a ringing phone's path more than they look.
 */
export function whenKnown<Answer>(
  ask: () => Answer | Promise<Answer>,
  onAnswer: (answer: Answer) => void,
  /** Of what `ask` throws or rejects with. */
  onFailure: (error: unknown) => void,
): void {
  let answered: Answer | Promise<Answer>
  try {
    answered = ask()
  } catch (error) {
    onFailure(error)
    return
  }
  if (answered instanceof Promise) answered.then(onAnswer, onFailure)
  else onAnswer(answered)
}
