export { TypedDataError, type TypedDataErrorCode } from './errors.ts';
export { type DomainField, type DomainShape, type Struct, type StructId, structIds, structs, type TypedField } from './structs.ts';
export { type Domain, digestOf, domainSeparator, hashLoose, type Message, parseTypedData, signingBytes, type TypedData, typedData } from './typed-data.ts';
