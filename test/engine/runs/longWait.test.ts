/** Gong asks for a long wait: who waits, who is told, and when it ends. */
import { setTimeout } from 'node:timers/promises';

import pWaitFor from 'p-wait-for';

import { runNode, type RunResult } from '../../harness/engine/engine';
import { detailsOf, gongsOfThisFile, jsonOf } from '../../harness/engine/support';
import { makeData, type LocalGong } from '../../harness/gong';

const startGong = gongsOfThisFile();
const data = makeData({ calls: [{ id: '1', users: ['11'] }] });
const HOUR: Parameters<LocalGong['fail']>[0] = {
	kind: 'status',
	status: 429,
	headers: { 'retry-after': '3600' },
};
const ROWS = [{ callId: '1', users: [{ userId: '11' }] }];

/** A run that may wait for two hours and was asked to wait for one. */
async function startWaiting(gong: LocalGong) {
	gong.fail(HOUR);
	let cancel = (): void => undefined;
	const run = runNode(gong, {
		parameters: { callIds: '1', options: { maxWait: 7_200 } },
		cancelWhen: (stop) => {
			cancel = stop;
		},
	});
	await pWaitFor(() => typeof gong.log[0]?.endedAt === 'number');
	// Gong has answered, but the node reads that some turns of the event loop later.
	for (let turn = 0; turn < 20; turn++) await setTimeout(10);
	return { run, cancel: () => cancel() };
}

const runSoon = async (gong: LocalGong): Promise<RunResult> =>
	await runNode(gong, {
		parameters: { callIds: '1' },
		settings: { onError: 'continueRegularOutput' },
	});

test('a run that may not wait so long asks Gong, and both go on when it answers', async () => {
	const gong = await startGong({ data });
	const waiting = await startWaiting(gong);
	expect(jsonOf((await runSoon(gong)).items)).toMatchObject(ROWS);
	expect(jsonOf((await waiting.run).items)).toMatchObject(ROWS);
});

test('one access key under two base URLs has one limit', async () => {
	const gong = await startGong({ data });
	const alias = await startGong({ data, accounts: [gong.account] });
	const waiting = await startWaiting(gong);
	expect(jsonOf((await runSoon(alias)).items)).toMatchObject(ROWS);
	expect(jsonOf((await waiting.run).items)).toMatchObject(ROWS);
});

test('after Gong has refused that one request, other runs send nothing and say when it works again', async () => {
	const gong = await startGong({ data });
	const waiting = await startWaiting(gong);
	gong.fail(HOUR);
	const asked = await runSoon(gong);
	expect(gong.log).toHaveLength(2);
	expect(detailsOf(asked.items[0])).toMatchObject({ reason: 'rateLimit', httpStatus: 429 });
	const denied = await runSoon(gong);
	expect(gong.log).toHaveLength(2);
	expect(detailsOf(denied.items[0])).toMatchObject({ reason: 'rateLimit', outcome: 'notSent' });
	expect(String(denied.items[0].json.error)).toMatch(
		/asked to wait .*It will work again at about/s,
	);
	waiting.cancel();
	await waiting.run;
});
