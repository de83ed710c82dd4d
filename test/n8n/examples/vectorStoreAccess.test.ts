import { readExample, withFields } from '../../harness/n8n/examples';
import { SAMPLE_CALL_IDS, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { describeExample, FLOW_MS, nameTwice } from './exampleRoom';

const { maria, jonas, priya, samuel, left } = SAMPLE_USER_IDS;
const [renewal, , pricing] = SAMPLE_CALL_IDS;

describeExample('vector-store-access', (room) => {
	let status: string;

	beforeAll(async () => {
		room().gong.reset();
		const part = (callId: string, allowedUserIds?: string[]) => ({
			content: 'A part of a transcript',
			metadata: { callId, source: 'gong', ...(allowedUserIds ? { allowedUserIds } : {}) },
		});
		room().qdrant.documents.push(
			part(renewal),
			part(renewal, ['1']),
			part(pricing, [left]),
			part('18446744073709551557', ['2']),
		);
		const example = withFields(readExample('vector-store-access'), 'Your vector store', {
			url: room().qdrant.account.qdrantUrl,
		});
		const run = await room().n8n.rest.run(await room().store(example), 'Every night');
		status = run.status;
	}, FLOW_MS);

	it('writes who was found beside each document of a call, in place of the list before', () => {
		expect(status).toBe('success');
		const lists = room().qdrant.documents.map(
			({ metadata }) => metadata.allowedUserIds as string[],
		);
		const all = [maria, samuel];
		expect(lists.slice(0, 2).map((list) => all.filter((userId) => list.includes(userId)))).toEqual([
			all,
			all,
		]);
		expect(lists[0]).toEqual(lists[1]);
		// A private call: who took part or is mentioned, without the one who was only given access through the API.
		expect([...lists[2]].sort()).toEqual([jonas, samuel].sort());
	});

	it('keeps the rest of the document, and the documents of other calls', () => {
		expect(room().qdrant.documents[0].metadata).toMatchObject({ callId: renewal, source: 'gong' });
		expect(room().qdrant.documents[3].metadata.allowedUserIds).toEqual(['2']);
	});

	it(
		'takes in those who are found by a rule that may not hold, where the switch says so',
		async () => {
			const { qdrant, n8n, store } = room();
			const example = withFields(readExample('vector-store-access'), 'Your vector store', {
				url: qdrant.account.qdrantUrl,
				includeDerived: 'true',
			});
			const run = await n8n.rest.run(await store(example), 'Try it now');
			expect(run.error).toBeUndefined();
			const list = qdrant.documents[2].metadata.allowedUserIds as string[];
			expect([...list].sort()).toEqual([jonas, priya, samuel].sort());
		},
		FLOW_MS,
	);

	/** Runs it on documents of these calls, each with a list of its own; returns the lists that they then have. */
	const listsOfRun = async (callIds: readonly string[]) => {
		const { qdrant, n8n, store } = room();
		const stored = qdrant.documents.splice(0);
		const before = (callId: string) => ({ callId, allowedUserIds: ['1'] });
		qdrant.documents.push(
			...callIds.map((callId) => ({ content: 'A part', metadata: before(callId) })),
		);
		const example = withFields(readExample('vector-store-access'), 'Your vector store', {
			url: qdrant.account.qdrantUrl,
		});
		const { status: ended, error } = await n8n.rest.run(await store(example), 'Try it now');
		const written = qdrant.documents.splice(0, callIds.length, ...stored);
		return { ended, error, lists: written.map(({ metadata }) => metadata.allowedUserIds) };
	};

	it(
		'empties the list of a call that Gong lists and does not know, and writes all others',
		async () => {
			const { state } = room().gong;
			state.hideCall(renewal, 'details', 'access');
			const { error, lists } = await listsOfRun([renewal, pricing]);
			room().gong.reset();
			expect(error).toBeUndefined();
			expect(lists).toEqual([[], expect.arrayContaining([jonas, samuel])]);
		},
		FLOW_MS,
	);

	it(
		'writes somebody once whom Gong names twice',
		async () => {
			nameTwice(room().gong);
			const { lists } = await listsOfRun([renewal]);
			const list = lists[0] as string[];
			expect(list).toContain(maria);
			expect(new Set(list).size).toBe(list.length);
		},
		FLOW_MS,
	);

	it(
		'ends well and leaves all lists alone where Gong lists no calls',
		async () => {
			room().gong.state.load({ ...sampleData(), calls: [] });
			const { ended, lists } = await listsOfRun([renewal]);
			room().gong.reset();
			expect([ended, lists]).toEqual(['success', [['1']]]);
		},
		FLOW_MS,
	);

	it.each([
		['all its answers are lost', 0],
		['it is not available from its third answer on', 2],
	])(
		'leaves all lists alone and says why where Gong cannot be asked: %s',
		async (_what, after) => {
			room().gong.fail({ kind: 'status', status: 503, times: Infinity, after });
			const { error, lists } = await listsOfRun([renewal, pricing]);
			room().gong.clearFaults();
			expect(error?.message).toMatch(/^Gong is not available at the moment \(status 503\)/);
			expect(lists).toEqual([['1'], ['1']]);
		},
		FLOW_MS,
	);

	it(
		'fails, and says why, where no document has one of these IDs as text',
		async () => {
			const { qdrant, n8n, store } = room();
			const stored = qdrant.documents.splice(0);
			qdrant.documents.push({ content: 'A part', metadata: { callId: Number(renewal) } });
			const example = withFields(readExample('vector-store-access'), 'Your vector store', {
				url: qdrant.account.qdrantUrl,
			});
			const run = await n8n.rest.run(await store(example), 'Try it now');
			qdrant.documents.splice(0, 1, ...stored);
			expect(run.error?.message).toMatch(
				/^Nothing was written: no document of the collection has one of these \d+ call IDs as text/,
			);
		},
		FLOW_MS,
	);
});
