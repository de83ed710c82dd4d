import { readFileSync } from 'node:fs';
import path from 'node:path';

import {
	DEMO_CLIENT,
	type LocalGong,
	SAMPLE_CALL_IDS,
	SAMPLE_USER_IDS,
	sampleData,
	SCOPES,
	QUICK,
	startLocalGong,
} from '../harness/gong';
import type { Execution } from '../harness/n8n/execution';
import { OAUTH2_TYPE, signInAt } from '../harness/n8n/gongCredential';
import { type RunningN8n, startN8n } from '../harness/n8n/running';
import { describeUnless, SET_UP_MS } from '../harness/n8n/skipping';
import { triedVersions } from '../harness/n8n/triedVersions';
import { readWorkflow, withCredential } from '../harness/n8n/workflow';
import { NODE_TYPE } from '../harness/package/names';

const TRIGGER = 'When clicking Execute workflow';

/** The requests of one step to both local Gongs. */
interface Step {
	readonly execution: Execution;
	/** Requests to the customer's own host: method, path, status. */
	readonly asked: readonly string[];
	/** The `authorization` headers of these requests. */
	readonly signedIn: readonly string[];
	/** The `grant_type` of each token request, with its status. */
	readonly tokens: readonly string[];
	/** Requests to the host that is not the customer's, without those for signing in. */
	readonly astray: readonly string[];
}

const scopesOf = (consent: URL): string[] =>
	(consent.searchParams.get('scope') ?? '').split(' ').sort();

for (const { version, skipped } of triedVersions()) {
	describeUnless(skipped)(`OAuth2 in a real n8n ${version}${skipped}`, () => {
		const client = {
			...DEMO_CLIENT,
			scopes: [SCOPES.readAccess, SCOPES.readUsers, SCOPES.listCalls],
		};
		const READ = 'POST /v2/calls/users-access';
		const secrets = new Set([client.clientSecret]);

		let customer: LocalGong;
		let signIn: LocalGong;
		let n8n: RunningN8n | undefined;
		let consent: URL;
		/** The scopes asked for with permission profiles off, and with other switches of the credential on. */
		let more: Record<'noProfiles' | 'libraryFolders' | 'workspaces', string[]>;
		let exchange: LocalGong['log'];
		let first: Step;
		let expired: Step;
		let next: Step;
		const lists: Record<string, string[]> = {};
		const answers: Record<string, (number | null)[]> = {};
		let withoutScope: Step;
		let revoked: Step;

		beforeAll(async () => {
			// The customer's own host differs from the one that people sign in at.
			customer = await startLocalGong({ latency: QUICK, data: sampleData() });
			signIn = await startLocalGong({
				latency: QUICK,
				tokens: customer.tokens,
				apiBaseUrlForCustomer: customer.url,
				oauthClients: [client],
			});
			n8n = await startN8n(signInAt(signIn), version);
			const { rest } = n8n;
			const credential = {
				name: 'Gong by OAuth2',
				type: OAUTH2_TYPE,
				data: {
					baseUrl: signIn.url,
					clientId: client.clientId,
					clientSecret: client.clientSecret,
					// Restricted to requests of this node, as the editor offers it.
					allowedHttpRequestDomains: 'none',
				},
			};
			const id = await rest.createCredential(credential);
			const store = async (name: string) =>
				await rest.createWorkflow(
					withCredential(
						readWorkflow(path.join(__dirname, 'workflows', `${name}.json`)),
						NODE_TYPE,
						{ ...credential, id },
					),
				);
			const read = await store('oauth2-read');
			const grant = await store('oauth2-grant');

			consent = await rest.connectOAuth2(id);
			exchange = [...signIn.log];
			const step = async (workflowId: string): Promise<Step> => {
				customer.reset();
				signIn.reset();
				const execution = await rest.run(workflowId, TRIGGER);
				const tokens = signIn.log.filter((entry) => entry.path.startsWith('/oauth2/'));
				for (const { body } of tokens) {
					secrets.add(new URLSearchParams(body).get('refresh_token') ?? client.clientSecret);
				}
				const signedIn = customer.log.map(({ headers }) => headers.authorization ?? '');
				for (const header of signedIn) secrets.add(header.replace('Bearer ', ''));
				return {
					execution,
					asked: customer.log.map((entry) => `${entry.method} ${entry.path} ${entry.status}`),
					signedIn,
					tokens: tokens.map(
						({ body, status }) => `${new URLSearchParams(body).get('grant_type')} ${status}`,
					),
					astray: signIn.log.filter((entry) => !tokens.includes(entry)).map((entry) => entry.path),
				};
			};
			first = await step(read);
			customer.expireTokens();
			expired = await step(read);
			next = await step(read);
			const [, node] = withCredential(
				readWorkflow(path.join(__dirname, 'workflows', 'oauth2-grant.json')),
				NODE_TYPE,
				{ ...credential, id },
			).nodes;
			for (const method of ['getUsers', 'getCalls']) {
				customer.expireTokens();
				customer.reset();
				const options = await rest.listOptions(node, method);
				lists[method] = options.map(({ value }) => value);
				answers[method] = customer.log.map(({ status }) => status);
			}
			withoutScope = await step(grant);
			customer.expireTokens({ refreshTokens: true });
			revoked = await step(read);
			const scopesWith = async (name: string, isOn = true): Promise<string[]> => {
				const data = { ...credential.data, [name]: isOn };
				return scopesOf(
					await rest.connectOAuth2(await rest.createCredential({ ...credential, data })),
				);
			};
			more = {
				noProfiles: await scopesWith('permissionProfiles', false),
				libraryFolders: await scopesWith('libraryFolders'),
				workspaces: await scopesWith('workspaces'),
			};
		}, SET_UP_MS);

		afterAll(async () => {
			await n8n?.dispose();
			await signIn?.close();
			await customer?.close();
		});

		const expectRows = ({ execution }: Step) => {
			expect(execution.error).toBeUndefined();
			expect(execution.rows('Read by OAuth2').map(({ callId }) => callId)).toEqual(
				SAMPLE_CALL_IDS.slice(0, 2),
			);
		};

		it('requests only the scopes that the node needs', () => {
			expect(consent.origin).toBe(signIn.url);
			const { readWorkspaces, readProfiles, readLibrary } = SCOPES;
			const { readAccess, writeAccess, readUsers, listCalls, findCalls } = SCOPES;
			const base = [readAccess, writeAccess, readUsers, listCalls, findCalls];
			expect(scopesOf(consent)).toEqual([...base, readProfiles].sort());
			expect(more).toEqual({
				noProfiles: [...base].sort(),
				workspaces: [...base, readProfiles, readWorkspaces].sort(),
				libraryFolders: [...base, readProfiles, readLibrary].sort(),
			});
			expect(consent.searchParams.get('redirect_uri')).toBe(
				`${n8n?.url}/rest/oauth2-credential/callback`,
			);
		});

		it('exchanges the code as Gong requires, the client signed in by Basic', () => {
			const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
			expect(exchange.map(({ path: where, status }) => [where, status])).toEqual([
				['/oauth2/authorize', 302],
				['/oauth2/generate-customer-token', 200],
			]);
			expect(exchange[1].headers.authorization).toBe(`Basic ${basic}`);
		});

		it("sends the token to the customer's own host, and nothing to the other", () => {
			expectRows(first);
			expect(first.asked).toEqual([`${READ} 200`, `${READ} 200`]);
			for (const header of first.signedIn) expect(header).toMatch(/^Bearer [^ ]+$/);
			expect(first.tokens).toEqual([]);
			expect(first.astray).toEqual([]);
		});

		it('gets a new token and repeats the request when the old one has expired', () => {
			expectRows(expired);
			expect(expired.tokens).toEqual(['refresh_token 200']);
			expect(expired.asked.filter((line) => line.endsWith('200'))).toHaveLength(2);
			expect(expired.signedIn.at(-1)).not.toBe(first.signedIn[0]);
			expect(expired.astray).toEqual([]);
		});

		it('stores the new token', () => {
			expectRows(next);
			expect(next.tokens).toEqual([]);
			expect(next.asked).toEqual([`${READ} 200`, `${READ} 200`]);
			expect(next.signedIn).toEqual([expired.signedIn.at(-1), expired.signedIn.at(-1)]);
		});

		it.each([
			['users', 'getUsers', SAMPLE_USER_IDS.maria],
			['calls', 'getCalls', SAMPLE_CALL_IDS[0]],
		])('gets a new token for the list of %s when the old one has expired', (_what, method, id) => {
			expect(lists[method]).toContain(id);
			expect(answers[method]).toEqual([401, 200]);
		});

		it('requests no new token when a scope is missing, and names the scope', () => {
			expect(withoutScope.execution.status).toBe('error');
			const { message, description } = withoutScope.execution.error ?? { message: '' };
			expect(`${message} ${description ?? ''}`).toContain(SCOPES.writeAccess);
			expect(withoutScope.asked).toEqual(['PUT /v2/calls/users-access 401']);
			expect(withoutScope.tokens).toEqual([]);
		});

		it('says so when no new token is given', () => {
			expect(revoked.execution.status).toBe('error');
			const { message, description } = revoked.execution.error ?? { message: '' };
			expect(`${message} ${description ?? ''}`).toMatch(/connect it again|reconnect/i);
			expect(description).not.toContain('Nothing was sent');
			expect(revoked.tokens).toEqual(['refresh_token 400']);
		});

		it('shows no token and no secret in the stored run', () => {
			const kept = JSON.stringify([first, expired, next, withoutScope, revoked].map(recordOf));
			expect(secrets.size).toBeGreaterThan(3);
			for (const secret of secrets) expect(kept).not.toContain(secret);
		});

		it("does not change n8n's own gongOAuth2Api", async () => {
			const { rest, installed } = n8n as RunningN8n;
			const shipped = (file: string) =>
				JSON.parse(
					readFileSync(
						path.join(installed.folder, 'node_modules', 'n8n-nodes-base', 'dist', 'types', file),
						'utf8',
					),
				) as unknown;
			const before = pick(shipped('credentials.json'), 'gongOAuth2Api');
			const after = pick(await rest.file('/types/credentials.json'), 'gongOAuth2Api');
			// n8n adds these two fields to every credential, and the full names of its nodes.
			const added = ['allowedHttpRequestDomains', 'allowedDomains'];
			const fields = (after.properties as { name: string }[]).filter(
				({ name }) => !added.includes(name),
			);
			expect({ ...after, properties: fields }).toMatchObject({
				...before,
				supportedNodes: ['n8n-nodes-base.gong'],
			});
			const [nodeBefore, nodeAfter] = [
				pick(shipped('nodes.json'), 'gong'),
				pick(await rest.file('/types/nodes.json'), 'n8n-nodes-base.gong'),
			];
			expect(nodeBefore.credentials).toBeDefined();
			expect(nodeAfter.credentials).toEqual(nodeBefore.credentials);
		});
	});
}

function recordOf({ execution }: Step): unknown {
	return execution.record;
}

/** The type of this name in a list of n8n's types. */
function pick(types: unknown, name: string): Record<string, unknown> {
	const found = (types as { name: string }[]).find((type) => type.name === name);
	if (!found) throw new Error(`n8n has no type ${name}`);
	return { ...found };
}
