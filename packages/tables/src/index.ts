export { csvLine } from './csv-out.ts';
export { TableError } from './errors.ts';
export { openTable } from './open.node.ts';
export { lookAlike, scriptOf } from './scripts.ts';
export { LIMITS, type ReadOptions, type Row, type Table } from './table.ts';
