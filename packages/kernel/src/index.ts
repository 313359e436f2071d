export { type ErrorInfo, errorInfo, HoldfastError, type Json, type JsonObject } from './error.ts';
export { ID_PATTERN, newId } from './id.ts';
export { type Clock, epochSeconds, type Random, systemClock, systemRandom } from './ports.ts';
export { redact, Secret } from './redact.ts';
export { failed, findCheck, firstFailure, group, passed, type ReportNode, type ReportResult, skipped, walkReport, warning } from './report.ts';
export { err, ok, type Result, settle } from './result.ts';
export { displayText, hasInvisible } from './text.ts';
