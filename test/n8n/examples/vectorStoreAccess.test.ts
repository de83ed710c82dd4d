import { readExample, withFields } from '../../harness/n8n/examples';
import { SAMPLE_CALL_IDS, SAMPLE_USER_IDS } from '../../harness/gong';
import { describeExample, FLOW_MS } from './exampleRoom';

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
