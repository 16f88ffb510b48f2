/**
 * What a program imports: the client, a log-in that stays fresh, and what repeats a request that got no answer.
 */
export {
  type Answer,
  type CallOptions,
  type ClientSettings,
  createClient,
  type ListName,
  type OperationName,
  type Operations,
  type Row,
  type Tagged,
  type Tollgate,
  TollgateProblem,
} from './client.ts'
export { type RetrySettings, withRetries } from './retries.ts'
export { openSession, type Session, type SessionSettings } from './session.ts'
