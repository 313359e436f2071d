export { ServiceError } from './errors.ts';
export type { ServicePorts } from './ports.ts';
export { DEFAULT_PORTS } from './servers.node.ts';
export { createService, type Service } from './service.node.ts';
