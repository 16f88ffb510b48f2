/**
 * How long does the broker wait before it gives a message to another replica?
 *
 * What a killed replica held comes back after this time, so it is short, and a replica says each second of every
 * message it holds that it is still at work. Three of these may be late before a message is given to two. A consumer that
 * an earlier release has made is put right with all its other settings (`streams.ts`).
 */
export const ackWaitMs = 4000
/** How often a replica says that it is at work. */
export const workingMs = 1000
