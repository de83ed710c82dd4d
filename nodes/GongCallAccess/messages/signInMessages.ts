import type { Failure, GongRefusal } from '../failure';
import { answered, failureOf, gongSays, gongsWords, isShort } from './phrases';

// What people read when Gong takes neither the sign-in nor what the credential asks for. The steps are those of Gong's
// help: an OAuth2 app has scopes and trusted IPs; a key has trusted IPs, may expire, and has no scopes.

const API_PAGE = 'Admin center > Settings > API';
const EDIT_IPS = `${API_PAGE} > tab Integrations > ⋯ > Edit trusted IPs`;

/**
 * A 401 or 403 of Gong's own.
 * @param needed the scope that the request needs
 * @param named the scope that Gong says is missing
 * @param byOAuth2 whether it was a token; after a 401, one in place of which no new one could be had that Gong takes
 */
export function unauthorized(
	status: 401 | 403,
	refusal: GongRefusal,
	needed: string,
	named: string | undefined,
	callIds: string[],
	byOAuth2 = false,
): Failure {
	// What names the scope already needs no words of Gong's to be understood.
	const saidInTitle = named === undefined && isShort(refusal);
	const [title, steps] =
		named !== undefined
			? [`The credential lacks the scope ${named}`, stepsToScope(named, byOAuth2)]
			: status === 403
				? ['Gong did not allow this (status 403)', byOAuth2 ? TOKEN_DENIED : KEY_DENIED]
				: ['Gong did not accept the sign-in', byOAuth2 ? TOKEN_REFUSED : KEY_REFUSED];
	const isOfSignIn = status === 401 && named === undefined;
	const failure = failureOf(
		'unauthorized',
		saidInTitle ? gongSays(title, refusal) : title,
		saidInTitle ? steps : `${gongsWords(refusal)}${steps}`,
		{
			...answered(status, refusal),
			concerns: isOfSignIn ? 'credential' : 'requestsLikeIt',
			callIds,
			...(named === undefined ? {} : { missingScope: named }),
			...(isOfSignIn ? {} : { deniedScope: named ?? needed }),
		},
	);
	const without = WITHOUT_SCOPE[failure.deniedScope ?? ''];
	return without === undefined ? failure : withAdvice(failure, without);
}

const KEY_REFUSED = `Check Access Key and Access Key Secret in the credential. If they are right, ask a Gong technical administrator whether the key has expired, and whether its trusted IPs include the address that n8n calls from (${API_PAGE}).`;
const TOKEN_REFUSED = `Open the credential and connect it again: n8n could get no token that Gong accepts. If that does not last, see in Gong whether the trusted IPs for refresh tokens include the address that n8n calls from (${EDIT_IPS}).`;
const KEY_DENIED = `Either n8n calls from an address that is not among the trusted IPs of the key, or the key has expired, or it may not do what was asked. Ask a Gong technical administrator to look at the key (${API_PAGE}).`;
const TOKEN_DENIED = `Either n8n calls from an address that is not among the trusted IPs for access tokens, or the token has ended, or the app may not do what was asked. Connect the credential again. If that is not enough, ask a Gong technical administrator to look at the app (${EDIT_IPS}).`;

function stepsToScope(scope: string, byOAuth2: boolean): string {
	if (!byOAuth2) {
		return "Ask a Gong technical administrator what this key may do. Or set 'Authentication' to 'OAuth2', with an app that has this scope.";
	}
	const asksFor = ASKED_FOR_BY[scope];
	const ask = asksFor === undefined ? '' : `switch on '${asksFor}' in the credential and `;
	return `Ask a Gong technical administrator to add the scope to the app (${API_PAGE} > tab Integrations). Then ${ask}connect the credential again.`;
}

/** The switches of the OAuth2 credential, by the scope that it asks for only with them. */
const ASKED_FOR_BY: Record<string, string> = {
	'api:permission-profile:read': 'Explain Permission Profiles',
	'api:library:read': 'Explain Library Folders',
	'api:workspaces:read': 'Choose Workspaces by Name',
	'api:logs:read': 'Include Last Played',
};

/** What to do without a scope that serves one thing only, whatever the node does. */
const WITHOUT_SCOPE: Record<string, string> = {
	'api:calls:read:basic': "set 'Calls From' to 'Call IDs' or 'Input Field'",
};

/** What to do without a scope that serves several things, by what it was needed for. */
const WITHOUT = {
	addresses: 'give user IDs in place of e-mail addresses',
	callDetails: "switch off the option 'Include Call Details'",
	userDetails: "switch off the option 'Include User Details'",
	userList: "set 'Users From' to 'Users' or 'Input Field', and give user IDs",
} as const;

/** Says of what the credential may not do how to do without it; any other failure stays as it is. */
export function orDoWithout(because: Failure, what: keyof typeof WITHOUT): Failure {
	return because.deniedScope === undefined ? because : withAdvice(because, WITHOUT[what]);
}

/** @param how completes the sentence "To do without, …" */
export function withAdvice(denied: Failure, how: string): Failure {
	const without = denied.missingScope === undefined ? 'To do without' : 'Without it';
	return { ...denied, advice: `${denied.advice} ${without}, ${how}.` };
}
