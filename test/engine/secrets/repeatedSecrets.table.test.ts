/** A key or token that Gong repeats, in any place, appears in no item, message or log. */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { oAuth2Credential, runNode, type RunResult } from '../../harness/engine/engine';
import { gongsOfThisFile, jsonOf, tracesOf, watchLog } from '../../harness/engine/support';
import {
	basicHeader,
	DEMO_ACCOUNT,
	DEMO_CLIENT,
	makeData,
	type LocalGong,
} from '../../harness/gong';

const startGong = gongsOfThisFile();
const DATA = makeData({ users: ['11', '12'], calls: [{ id: '1', users: ['11'] }] });

let log: string[] = [];
beforeAll(() => {
	log = watchLog();
});

type Credential = ICredentialDataDecryptedObject;
const tokenOf = ({ oauthTokenData }: Credential): Record<string, string> =>
	oauthTokenData as unknown as Record<string, string>;

/** Functions, read when Gong answers, so that a new token is the current one. */
const SECRETS: [
	string,
	'accessKey' | 'oAuth2',
	(credential: Credential, gong: LocalGong) => string,
][] = [
	['the key', 'accessKey', (_, gong) => gong.account.accessKey],
	['the secret', 'accessKey', (_, gong) => gong.account.accessKeySecret],
	['the header', 'accessKey', (_, gong) => basicHeader(gong.account).slice('Basic '.length)],
	['the new token', 'oAuth2', (credential) => tokenOf(credential).access_token],
	['the new refresh token', 'oAuth2', (credential) => tokenOf(credential).refresh_token],
	['the secret of the client', 'oAuth2', () => DEMO_CLIENT.clientSecret],
	[
		'the header of the client',
		'oAuth2',
		() =>
			basicHeader({
				accessKey: DEMO_CLIENT.clientId,
				accessKeySecret: DEMO_CLIENT.clientSecret,
			}).slice('Basic '.length),
	],
];

interface Place {
	/** Gong's answer with the secret in this place. */
	answer: (secret: string) => object;
	path: RegExp;
	status?: number;
	parameters?: IDataObject;
}

const access = (fields: object): object => ({
	requestId: 'r',
	callAccessList: [{ callId: '1', users: [{ userId: '11' }] }],
	...fields,
});
const details = { options: { includeUserDetails: true, includeCallDetails: true } };
const PLACES: Record<string, Place> = {
	'the request ID of an answer': {
		answer: (secret) => access({ requestId: secret }),
		path: /users-access/,
	},
	'the request ID of a write': {
		answer: (secret) => ({ requestId: secret }),
		path: /users-access/,
		parameters: { operation: 'grant', userIds: '12' },
	},
	'the request ID of a refusal': {
		answer: (secret) => ({ requestId: secret, errors: ['No'] }),
		path: /users-access/,
		status: 400,
	},
	'the words of a refusal': {
		answer: (secret) => ({ requestId: 'r', errors: [`No such token: ${secret}, none`] }),
		path: /users-access/,
		status: 400,
	},
	'a user ID': {
		answer: (secret) => access({ callAccessList: [{ callId: '1', users: [{ userId: secret }] }] }),
		path: /users-access/,
	},
	'a name and an address': {
		answer: (secret) => ({
			users: [{ id: '11', firstName: secret, emailAddress: `${secret}@example.com` }],
		}),
		path: /users\/extensive/,
		parameters: details,
	},
	'a title and an address of a call': {
		answer: (secret) => ({
			calls: [{ metaData: { id: '1', title: secret, url: `https://gong.io/?k=${secret}` } }],
		}),
		path: /calls\/extensive/,
		parameters: details,
	},
};

/** Ways to encode the same JSON. */
const WRITTEN: Record<string, (json: string, secret: string) => string> = {
	'as it is': (json) => json,
	'in numbers': (json, secret) =>
		json.replaceAll(
			secret,
			[...secret]
				.map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
				.join(''),
		),
};

async function run(
	place: Place,
	authentication: string,
	secretOf: (credential: Credential, gong: LocalGong) => string,
	write: (json: string, secret: string) => string,
): Promise<{ result: RunResult; secret: string; gong: LocalGong }> {
	const gong = await startGong({ data: DATA });
	const credential = authentication === 'oAuth2' ? oAuth2Credential(gong) : {};
	if (authentication === 'oAuth2') gong.expireTokens();
	let secret = '';
	gong.fail({
		kind: 'body',
		status: place.status,
		get raw() {
			secret = secretOf(credential, gong);
			return write(JSON.stringify(place.answer(secret)), secret);
		},
		match: { path: place.path },
		// The first answer finds the token expired.
		after: authentication === 'oAuth2' && /users-access/.test(place.path.source) ? 1 : 0,
		times: Infinity,
	});
	const result = await runNode(gong, {
		parameters: { authentication, callIds: '1', splitInto: 'users', ...place.parameters },
		credential,
		settings: { onError: 'continueRegularOutput' },
	});
	return { result, secret, gong };
}

describe.each(SECRETS)('%s', (_name, authentication, secretOf) => {
	describe.each(Object.keys(PLACES))('in %s', (place) => {
		test.each(Object.keys(WRITTEN))('appears nowhere, written %s', async (how) => {
			const { result, secret } = await run(PLACES[place], authentication, secretOf, WRITTEN[how]);
			expect(secret.length).toBeGreaterThan(8);
			expect(tracesOf(result)).not.toContain(secret);
			expect(log.join('\n')).not.toContain(secret);
			// The secret is removed, and the rest of the text is unchanged.
			expect(JSON.stringify(jsonOf(result.items))).toContain('***');
		});
	});
});

test('a token that another execution has renewed meanwhile appears nowhere either', async () => {
	const gong = await startGong({ data: makeData({ calls: [{ id: '1' }, { id: '2' }] }) });
	const credential = oAuth2Credential(gong);
	gong.fail({
		kind: 'body',
		change: (answer) => {
			credential.oauthTokenData = { ...gong.issueToken() };
			return answer;
		},
	});
	gong.fail({
		kind: 'body',
		change: (answer) => ({ ...(answer as object), requestId: tokenOf(credential).access_token }),
	});
	const result = await runNode(gong, {
		parameters: {
			authentication: 'oAuth2',
			callIds: '[1,2]',
			options: { callsPerRequest: 1 },
		},
		credential,
	});
	expect(gong.log.map(({ status }) => status)).toEqual([200, 200]);
	expect(jsonOf(result.items)).toMatchObject([{ callId: '1' }, { callId: '2', requestId: '***' }]);
	expect(tracesOf(result)).not.toContain(tokenOf(credential).access_token);
});

test('a short key does not change IDs or words', async () => {
	const gong = await startGong({ data: DATA, accounts: [{ ...DEMO_ACCOUNT, accessKey: '1' }] });
	const { items } = await runNode(gong, {
		parameters: { callIds: '1' },
		credential: { accessKey: '1' },
	});
	expect(jsonOf(items)).toMatchObject([{ callId: '1', users: [{ userId: '11' }] }]);
});
