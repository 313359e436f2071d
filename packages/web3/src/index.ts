export * from './ownership/linked/index.ts';
