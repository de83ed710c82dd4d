/** The local Gong: a strict stand-in for Gong's API, for tests and the demo. */
export { ALL_SCOPES, basicHeader, DEMO_ACCOUNT, SCOPES, type GongAccount } from './accounts';
export { ASSUMPTIONS, type AccessStyle, type Assumptions } from './assumptions';
export type { CommentInput, GongComment } from './commentData';
export {
	makeData,
	manyCalls,
	type CallEndpoint,
	type CallInput,
	type CompanyInput,
	type GongCall,
	type GongData,
	type GongParty,
	type GongUser,
	type PartyInput,
	type UserInput,
} from './data';
export type { Fault, FaultMatch } from './faults';
export { callIdAt, userIdAt } from './ids';
export type { Judge } from './judge';
export { GONG_LATENCY, QUICK, type Latency } from './latency';
export { GONG_LIMIT, type RateLimit } from './limits';
export type { LoggedRequest } from './log';
export { companyOfTeams } from './teams';
export { DEMO_CLIENT, TokenStore, type OAuthClient, type TokenAnswer } from './oauth';
export type { GongLogEntry, LoggedEvent, LogType, PlayInput } from './playData';
export {
	callsOf,
	changesIn,
	isRefusedAlone,
	writesIn,
	type Change,
	type WriteRequest,
} from './requests';
export {
	DEFAULT_WORKSPACE_ID,
	type FolderInput,
	type GongProfile,
	type GongWorkspace,
	type ProfileInput,
	type WorkspaceInput,
} from './rules';
export {
	SAMPLE_CALL_IDS,
	SAMPLE_FOLDER_ID,
	SAMPLE_OLDER_CALL_IDS,
	SAMPLE_PROFILE_IDS,
	SAMPLE_USER_IDS,
	SAMPLE_WORKSPACE_IDS,
	sampleData,
} from './sampleData';
export { startLocalGong, type LocalGong, type LocalGongOptions } from './server';
export type { AccessSnapshot, GongState } from './state';
