/** The local Gong: a strict stand-in for Gong's API, for tests and the demo. */
export { ALL_SCOPES, basicHeader, DEMO_ACCOUNT, SCOPES, type GongAccount } from './accounts';
export {
	DEFAULT_WORKSPACE_ID,
	makeData,
	manyCalls,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	type CallInput,
	type GongCall,
	type GongData,
	type GongUser,
	type UserInput,
} from './data';
export type { Fault, FaultMatch } from './faults';
export { callIdAt, userIdAt } from './ids';
export { GONG_LIMIT, type RateLimit } from './limits';
export type { LoggedRequest } from './log';
export { DEMO_CLIENT, TokenStore, type OAuthClient, type TokenAnswer } from './oauth';
export {
	callsOf,
	changesIn,
	isRefusedAlone,
	writesIn,
	type Change,
	type WriteRequest,
} from './requests';
export type { AccessStyle } from './routes/callAccess';
export { startLocalGong, type LocalGong, type LocalGongOptions } from './server';
export type { AccessSnapshot, GongState } from './state';
