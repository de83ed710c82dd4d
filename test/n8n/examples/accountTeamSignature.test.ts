import { createHmac } from 'node:crypto';

import { makeData, SAMPLE_CALL_IDS, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { type Claims, deliveryOf, GongRule, type Oddity } from '../../harness/services/gongRule';
import { ACME, AccountTeamRoom } from './accountTeamRoom';
import { describeExample, FLOW_MS } from './exampleRoom';

const { maria, jonas } = SAMPLE_USER_IDS;
const [renewal, demo, hidden, lost] = SAMPLE_CALL_IDS;

describeExample('account-team, asked by whomever', (room) => {
	let team: AccountTeamRoom;
	const genuine = deliveryOf({ id: renewal, isPrivate: false, linked: [ACME] });

	beforeAll(async () => {
		room().gong.state.load(
			makeData({
				users: sampleData().users,
				calls: [
					{ id: renewal, users: [] },
					{ id: demo, users: [] },
					{ id: hidden, isPrivate: true, users: [] },
				],
			}),
		);
		team = await AccountTeamRoom.open(room(), {
			privateCallsToo: 'true',
			waitForLostCallsForDays: '0',
		});
		await team.writeTeam([ACME.objectId, maria]);
	}, FLOW_MS);

	const seconds = () => Math.floor(Date.now() / 1_000);
	/** Signs a token with the rule's public key as if it were a secret. */
	const asSecret = (token: string) => {
		const [, payload] = token.split('.');
		const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');
		const hmac = createHmac('sha256', team.rule.publicKey).update(`${header}.${payload}`);
		return `${header}.${payload}.${hmac.digest('base64url')}`;
	};
	const unsigned = (token: string) => {
		const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
		return `${header}.${token.split('.')[1]}.`;
	};
	const without = (name: keyof Claims) => (claims: Claims) => ({ ...claims, [name]: undefined });

	const refused: Record<string, [Oddity, RegExp]> = {
		'has no token': [{ header: () => undefined }, /no token that your key verifies/],
		'has something else in its place': [
			{ header: () => 'Basic dGVzdA==' },
			/no token that your key/,
		],
		'is signed with the public key as a secret': [{ header: asSecret }, /\(invalid algorithm\)/],
		'is not signed': [{ header: unsigned }, /no token that your key verifies/],
		'has expired': [
			{ claims: (claims) => ({ ...claims, exp: seconds() - 1 }) },
			/its token has expired\.$/,
		],
		'never ends': [{ claims: without('exp') }, /its token has no end/],
		'was meant for another URL': [
			{ claims: (claims) => ({ ...claims, webhook_url: 'https://elsewhere.example/webhook' }) },
			/for another URL, https:\/\/elsewhere\.example\/webhook\./,
		],
		'names no URL': [{ claims: without('webhook_url') }, /for another URL/],
		'has another body than the one that was signed': [
			{ body: genuine.replace(renewal, demo) },
			/its body is not the one that was signed/,
		],
		'has no body': [{ body: '' }, /its body is not the one that was signed/],
		'names no body': [{ claims: without('body_sha256') }, /its body is not the one/],
	};

	it.each(Object.entries(refused))(
		'answers 401 to a message that %s, says why to those who run it, and does nothing',
		async (_, [odd, why]) => {
			const begin = room().gong.log.length;
			const { answer, run } = await team.receives(team.rule.sign(genuine, odd));
			expect(answer).toEqual({ status: 401, text: 'Not accepted' });
			expect(run.status).toBe('error');
			expect(run.error?.message).toMatch(
				/^A message to this webhook was refused and changed nothing: /,
			);
			expect(run.error?.message).toMatch(why);
			expect(room().gong.log.slice(begin)).toEqual([]);
			expect(await team.rowsOf('calls')).toEqual([]);
		},
		FLOW_MS,
	);

	it(
		'answers 401 to what another key has signed',
		async () => {
			const { answer, run } = await team.receives(new GongRule(team.rule.url).sign(genuine));
			expect(answer.status).toBe(401);
			expect(run.error?.message).toContain("(The JWT token can't be verified)");
			expect([team.accessTo(renewal), await team.rowsOf('calls')]).toEqual([[], []]);
		},
		FLOW_MS,
	);

	it(
		'accepts a genuine message once, with or without Bearer before its token',
		async () => {
			const signed = team.rule.sign(genuine, { header: (token) => `Bearer ${token}` });
			expect((await team.receives(signed)).answer).toEqual({ status: 200, text: 'Accepted' });
			expect(team.accessTo(renewal)).toEqual([maria]);
			room().gong.state.revoke(renewal, maria);
			const again = await team.receives(signed);
			expect(again.answer.status).toBe(401);
			expect(again.run.error?.message).toMatch(/it was accepted once before\.$/);
			expect(team.accessTo(renewal)).toEqual([]);
			expect(await team.rowsOf('calls')).toHaveLength(1);
		},
		FLOW_MS,
	);

	it(
		'gives private calls too once that is switched on',
		async () => {
			await team.tells({ id: hidden, isPrivate: true, linked: [ACME] });
			expect(team.accessTo(hidden)).toEqual([maria]);
		},
		FLOW_MS,
	);

	it(
		'tells once that Gong does not know a call long after it told of it, and forgets it',
		async () => {
			const known = await team.rowsOf('calls');
			const { run } = await team.tells({ id: lost, title: 'Acme: lost', linked: [ACME] });
			expect(run.error?.message).toBe(
				'Access was not given: Gong has not known the call for 0 days, so it is forgotten. (Acme: lost)',
			);
			expect(await team.rowsOf('calls')).toEqual(known);
			expect((await team.hour()).status).toBe('success');
		},
		FLOW_MS,
	);

	it(
		'tells once that Gong lost a call long ago from which somebody was to be taken',
		async () => {
			room().gong.state.hideCall(hidden);
			await team.writeTeam([ACME.objectId, jonas]);
			expect((await team.hour()).error?.message).toContain(
				'Access was not taken away: Gong has not known the call for 0 days, so it is forgotten. (A call)',
			);
			expect((await team.hour()).status).toBe('success');
			expect(await team.rowsOf('given')).not.toContainEqual(
				expect.objectContaining({ userId: maria }),
			);
		},
		2 * FLOW_MS,
	);
});
