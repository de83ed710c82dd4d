import { chat, type Talk } from '../../harness/n8n/chat';
import { readExample } from '../../harness/n8n/examples';
import { SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { describeExample, type ExampleRoom, FLOW_MS } from './exampleRoom';

const { maria, samuel, yuki } = SAMPLE_USER_IDS;
const [renewal] = SAMPLE_CALL_IDS;
const IN_WORDS = 'Acme Corp: renewal and seat expansion; Yuki Mori';

describeExample('ai-agent', (room) => {
	let said: Talk;

	beforeAll(async () => {
		said = await talkToAgent(room());
	}, FLOW_MS);

	it('asks before each change in words that name the calls and the people, then answers', () => {
		expect(said.execution.error).toBeUndefined();
		expect(said.shown).toEqual([
			`**Give these people access to these calls?**\nCalls: ${renewal}\nPeople: yuki.mori@example.com\nIn the assistant's words: ${IN_WORDS}`,
			`**Take access to these calls away from these people?**\nCalls: ${renewal}\nPeople: maria.keller@example.com\nIn the assistant's words: ${IN_WORDS}`,
			'Yuki has access now, and Maria keeps hers.',
		]);
	});

	it('asks the model for addresses, which people can read, before IDs', () => {
		const tools = JSON.stringify([...room().model.offered().values()]);
		expect(tools).toContain(
			'E-mail addresses of these people, or Gong user IDs where you have none',
		);
	});

	it('tells the model to make one change at a time, with all its calls in one request', () => {
		const { instructions, offered } = room().model;
		expect(instructions()).toContain(
			'Use at most one tool that changes access at a time, and wait for its answer before the next: name all calls and all people of a change in one request.',
		);
		for (const tool of ['Grant_access', 'Revoke_access']) {
			expect(offered().get(tool)?.description).toContain(
				'Name all calls and all people of a change in one request. Make one change at a time: wait for the answer before you ask for another.',
			);
		}
	});

	it('names no setting in its note that its n8n does not have', () => {
		expect(JSON.stringify(readExample('ai-agent'))).not.toContain('N8N_');
	});

	it('carries out what was approved, and not what was declined', () => {
		const { apiAccess } = room().gong.state.accessSnapshot();
		expect(apiAccess[renewal]).toEqual([maria, yuki]);
		expect(room().gong.log.filter(({ method }) => method === 'DELETE')).toEqual([]);
	});

	it('gives the model what it read, what was done, and what was declined', () => {
		const answers = room().model.answers();
		expect([...room().model.offered().keys()].sort()).toEqual([
			'Explain_access',
			'Get_access',
			'Grant_access',
			'Revoke_access',
		]);
		expect(answers).toHaveLength(4);
		expect(JSON.parse(answers[1])).toMatchObject([
			{ callId: renewal, users: [{ userId: maria, userName: 'Maria Keller' }] },
		]);
		expect(JSON.parse(answers[2])).toMatchObject([
			{ callId: renewal, users: [{ userName: 'Yuki Mori' }], accepted: true },
		]);
		expect(answers[3]).toContain('rejected');
	});

	it('tells the model who can see the call and why, and what nobody knows', () => {
		const [explained] = JSON.parse(room().model.answers()[0]) as Record<string, unknown>[];
		expect(explained).toMatchObject({
			callId: renewal,
			users: expect.arrayContaining([
				expect.objectContaining({ userName: 'Maria Keller' }),
				expect.objectContaining({ userName: 'Samuel Adeyemi' }),
			]) as unknown,
			ways: expect.arrayContaining([
				expect.objectContaining({ way: 'apiGrant', userIds: [maria] }),
				expect.objectContaining({
					way: 'permissionProfile',
					profileName: 'Sales Leadership',
					userIds: [samuel],
				}),
			]) as unknown,
			notChecked: expect.arrayContaining([expect.stringMatching(/^share: /)]) as unknown,
		});
	});
});

/** The model looks up who can see a call, reads, then asks to grant and to revoke; the grant is approved, the revoke declined. */
async function talkToAgent({ model, n8n, store }: ExampleRoom): Promise<Talk> {
	const behind = (toolParameters: Record<string, string>) => ({
		toolParameters,
		hitlParameters: { inWords: IN_WORDS },
	});
	const give = { callIds: renewal, userIds: 'yuki.mori@example.com' };
	const take = { callIds: renewal, userIds: 'maria.keller@example.com' };
	model.begin([
		[{ tool: 'Explain_access', takes: { callIds: renewal } }],
		[{ tool: 'Get_access', takes: { callIds: renewal } }],
		[{ tool: 'Grant_access', takes: behind(give) }],
		[{ tool: 'Revoke_access', takes: behind(take) }],
		'Yuki has access now, and Maria keeps hers.',
	]);
	const id = await store(readExample('ai-agent'));
	const decide = (text: string) => (text.includes('Take') ? 'Decline' : 'Approve');
	return await chat(n8n, id, 'Chat', 'Give Yuki access to it, and take it from Maria.', decide);
}
