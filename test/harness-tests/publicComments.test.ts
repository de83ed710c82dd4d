import { makeData, SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../harness/gong';
import { FIND_CALLS, gong, send, start } from './localGong';

const [RENEWAL, , PRICING] = SAMPLE_CALL_IDS;
const { jonas, samuel, left } = SAMPLE_USER_IDS;
const PUBLIC_COMMENTS = { exposedFields: { collaboration: { publicComments: true } } };

/** What calls/extensive says of these calls, by call. */
async function find(callIds: string[], contentSelector: object): Promise<Record<string, unknown>> {
	const body = { filter: { callIds }, contentSelector };
	const { status, json } = await send({ path: FIND_CALLS, body });
	expect(status).toBe(200);
	return Object.fromEntries(
		json.calls?.map(({ metaData, ...rest }) => [metaData?.id, rest] as const) ?? [],
	);
}

describe('Public comments', () => {
	test('come where they are asked for, of private calls too', async () => {
		await start();

		const { [PRICING]: commented } = await find([PRICING], PUBLIC_COMMENTS);

		expect(commented).toEqual({
			collaboration: {
				publicComments: [
					{
						id: expect.stringMatching(/^[0-9]+$/),
						commenterUserId: samuel,
						comment: `@[Jonas Berg](${jonas}) can you check the volume discount?`,
						posted: expect.stringMatching(/Z$/),
						duringCall: false,
					},
					expect.objectContaining({ commenterUserId: left }),
				],
			},
		});
	});

	test.each([
		{},
		{ exposedFields: {} },
		{ exposedFields: { collaboration: {} } },
		{ exposedFields: { collaboration: { publicComments: false }, parties: false } },
	])('do not come with %j', async (contentSelector) => {
		await start();

		expect(await find([PRICING], contentSelector)).toEqual({ [PRICING]: {} });
	});

	test('come beside the participants', async () => {
		await start();
		const exposedFields = { ...PUBLIC_COMMENTS.exposedFields, parties: true };

		const { [PRICING]: call } = await find([PRICING], { exposedFields });

		expect(Object.keys(call as object)).toEqual(['parties', 'collaboration']);
	});

	test.each([
		['empty', { collaboration: { publicComments: [] } }],
		['null', { collaboration: { publicComments: null } }],
		['noList', { collaboration: {} }],
		['leftOut', {}],
	] as const)('of a call without any are told in the style %s', async (style, told) => {
		await start({ assumptions: { callWithoutComments: style } });

		const calls = await find([RENEWAL, PRICING], PUBLIC_COMMENTS);

		expect(calls[RENEWAL]).toEqual(told);
		expect(calls[PRICING]).toMatchObject({ collaboration: { publicComments: [{}, {}] } });
	});

	test('may say as little as a test wants, and be changed', async () => {
		const comments = ['One', { comment: null, inReplyTo: '5', commenterUserId: null }];
		await start({ data: makeData({ calls: [{ id: '1', comments }] }) });
		const { 1: call } = await find(['1'], PUBLIC_COMMENTS);

		expect(call).toMatchObject({
			collaboration: {
				publicComments: [
					{ comment: 'One' },
					{ comment: null, inReplyTo: '5', commenterUserId: null },
				],
			},
		});

		gong.state.comments.get('1')?.pop();
		const { 1: after } = await find(['1'], PUBLIC_COMMENTS);
		expect(after).toMatchObject({ collaboration: { publicComments: [{ comment: 'One' }] } });
	});
});
