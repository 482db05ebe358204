export { BREAKER, type BreakerPolicy, type BreakerState, type StateListener } from './breaker.js';
export { BUDGET, type BudgetLimits } from './budget.js';
export { BULKHEAD, type BulkheadLimits, type Load } from './bulkhead.js';
export {
  EVERY_OPERATION,
  FAULT_KINDS,
  FaultInjection,
  type Fault,
  type FaultKind,
  type WaitingFault,
} from './fault-injection.js';
export { ChangeAttempts } from './change-attempts.js';
export { guard, targetLimits, type Guard, type GuardPolicy, type RunOptions, type TargetLimits } from './guard.js';
export { httpClient, type HttpClient, type HttpClientSettings } from './http-client.js';
export { Maintenance } from './maintenance.js';
export { Once } from './once.js';
export { protect, type Port, type ProtectedPort } from './protect.js';
export { RETRY, type RetryPolicy } from './retry.js';
export { realTime, type Time } from './time.js';
export { Turns } from './turns.js';
export { FALLBACKS, type Fallback } from './fallback.js';
export { Vendor, vendors, type VendorPolicy } from './vendor.js';
export {
  CREDENTIAL_KINDS,
  VENDOR_STATUSES,
  type CapabilityHealth,
  type Credential,
  type VendorHealth,
  type VendorStatus,
} from './vendor.health.js';
export { currentSignal, within, withSignal } from './timeout.js';
