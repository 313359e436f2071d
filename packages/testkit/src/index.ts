export { type Actor, type OfferOptions, Refusal, type RequestOptions } from './actor.ts';
export { type BenchRow, benchReport, measure } from './bench.node.ts';
export { asking, type Call, contractActor } from './contract-actor.ts';
export { type FixedClock, fixedClock, seededRandom } from './fixed.ts';
export { fetchRequest, type Outsider, outsider, presentFor, type ReadRequest, receiveByHand, type SignedFor, sendTo, signFor } from './outsider.ts';
export { ADA_DIPLOMA, ADA_ID, CANARIES } from './people.ts';
export { type Scenario, scenarios } from './suite.ts';
