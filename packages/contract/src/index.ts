export { CALL_CHANNEL, EVENT_CHANNEL, type HoldfastBridge } from './bridge.ts';
export { type CallDefinition, type CallInput, type CallName, type CallOutput, calls, type Host, isCallName } from './calls.ts';
export type { Access } from './define.ts';
export { type EventName, type EventPayload, events, isEventName } from './events.ts';
export * from './types.ts';
