import type { Fault } from '../../harness/gong';

/** Gong does not take the credential's key. */
export const WRONG_KEY: Fault = {
	kind: 'status',
	status: 401,
	errors: ['Bad <key>'],
	times: 1_000,
};

/** What is said of it: what Gong says, and what to do. */
export const SIGN_IN =
	/^Gong did not accept the sign-in\. It says: Bad <key>\. Check Access Key and Access Key Secret in the credential\. [^\n]+$/;
