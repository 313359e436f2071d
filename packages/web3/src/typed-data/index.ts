export { TypedDataError } from './errors.ts';
export { type StructId, structIds, structs } from './structs.ts';
export {
	type Domain,
	digestOf,
	domainSeparator,
	hashLoose,
	type Message,
	parseTypedData,
	signingBytes,
	type TypedData,
	typedData,
	walletRequest,
} from './typed-data.ts';
