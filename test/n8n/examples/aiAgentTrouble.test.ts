import { chat, type Talk } from '../../harness/n8n/chat';
import { readExample } from '../../harness/n8n/examples';
import { type Fault, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import type { Turn } from '../../harness/services/model';
import { describeExample, FLOW_MS } from './exampleRoom';

const { maria, yuki } = SAMPLE_USER_IDS;
const [renewal, demo] = SAMPLE_CALL_IDS;
const UNKNOWN = '1111111111111111111';
const ACCESS = '/v2/calls/users-access';

interface Answer {
	readonly callId?: string;
	readonly users?: readonly { readonly userId: string }[];
	readonly error?: string;
	readonly details?: { readonly callIds: readonly string[]; readonly outcome: string };
}

describeExample('ai-agent', (room) => {
	const access = () => room().gong.state.accessSnapshot().apiAccess;
	let id: string;

	beforeAll(async () => {
		id = await room().store(readExample('ai-agent'));
	}, FLOW_MS);

	beforeEach(() => room().gong.reset());

	/** A talk in which the model uses one tool and then answers; everything is approved. */
	async function talk(
		tool: string,
		takes: Record<string, string>,
	): Promise<{ said: Talk; answer: Answer[] }> {
		const changes = !tool.startsWith('Get');
		const script: Turn[] = [
			[
				{
					tool,
					takes: changes
						? { toolParameters: takes, hitlParameters: { inWords: 'a call; a person' } }
						: takes,
				},
			],
			'That is what Gong says.',
		];
		room().model.begin(script);
		const said = await chat(room().n8n, id, 'Chat', 'Please do it.', () => 'Approve');
		room().gong.clearFaults();
		expect(said.execution.error).toBeUndefined();
		expect(said.shown.at(-1)).toBe('That is what Gong says.');
		const [answer] = room().model.answers();
		return { said, answer: JSON.parse(answer) as Answer[] };
	}

	it.each<[what: string, fault: Fault]>([
		['lost after Gong made it', { kind: 'reset', applied: true }],
		['503', { kind: 'status', status: 503, errors: ['Down for repairs'] }],
	])(
		'tells the model that the outcome of a change is unknown when its answer is %s',
		async (_what, fault) => {
			room().gong.fail({ ...fault, match: { method: 'PUT' }, times: 100 });
			const { said, answer } = await talk('Grant_access', {
				callIds: renewal,
				userIds: 'yuki.mori@example.com',
			});
			expect(said.shown).toHaveLength(2);
			expect(answer).toHaveLength(1);
			expect(answer[0].details).toMatchObject({ callIds: [renewal], outcome: 'unknown' });
			expect(answer[0].error).not.toBe('');
			expect(access()[renewal].includes(yuki)).toBe(fault.applied === true);
			expect(room().model.instructions()).toContain(
				'If an answer says that the outcome is unknown, say so: it is not known whether the change was made, and look with Get access.',
			);
		},
		FLOW_MS,
	);

	it(
		'tells the model of a call that Gong does not know, beside those that it knows',
		async () => {
			const { answer } = await talk('Get_access', { callIds: `${renewal}, ${UNKNOWN}` });
			expect(answer).toHaveLength(2);
			expect(answer).toContainEqual(expect.objectContaining({ callId: renewal }));
			const [failed] = answer.filter(({ error }) => error !== undefined);
			expect(failed.error).toContain(`Gong does not know call ${UNKNOWN}.`);
		},
		FLOW_MS,
	);

	it(
		'tells the model that nobody was given access to a call',
		async () => {
			room().gong.state.revoke(renewal, maria);
			const { answer } = await talk('Get_access', { callIds: renewal });
			expect(answer).toEqual([expect.objectContaining({ callId: renewal, users: [] })]);
		},
		FLOW_MS,
	);

	it(
		'tells the model that nothing is known when Gong loses every answer',
		async () => {
			const match = { path: ACCESS };
			room().gong.fail({ kind: 'status', status: 503, errors: ['Down'], match, times: 1_000 });
			const { answer } = await talk('Get_access', { callIds: `${renewal}, ${demo}` });
			expect(answer.map(({ error }) => error !== undefined)).toEqual(answer.map(() => true));
			expect(answer.flatMap(({ details }) => details?.callIds ?? []).sort()).toEqual(
				[renewal, demo].sort(),
			);
		},
		FLOW_MS,
	);

	it(
		'gives access once to somebody who is named by an address and an ID, to all calls in one request',
		async () => {
			const { said, answer } = await talk('Grant_access', {
				callIds: `${renewal}, ${demo}, https://app.gong.io/call?id=${renewal}`,
				userIds: `Yuki.Mori@example.com, ${yuki}`,
			});
			expect(said.shown).toHaveLength(2);
			expect(
				answer.map(({ callId, users }) => [callId, users?.map(({ userId }) => userId)]),
			).toEqual([
				[renewal, [yuki]],
				[demo, [yuki]],
			]);
			const written = room().gong.log.filter(({ method }) => method === 'PUT');
			expect(written).toHaveLength(1);
			expect([access()[renewal], access()[demo]].every((users) => users.includes(yuki))).toBe(true);
		},
		FLOW_MS,
	);
});
