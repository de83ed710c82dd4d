/**
 * Runs by itself, outside jest, which keeps rejections that nobody awaits from ending the process as they
 * end n8n's: the first of three batches fails while the engine waits for the second.
 */
import './environment';
import { makeData, startLocalGong } from '../gong';
import { runNode } from './engine';

async function main(): Promise<void> {
	const gong = await startLocalGong({ data: makeData({ calls: [{ id: '1' }] }) });
	gong.fail({ kind: 'status', status: 400, errors: ['Not today'], times: Infinity });
	const { error } = await runNode(gong, {
		parameters: {
			callIds: '1',
			requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 400 } } },
		},
		items: [{}, {}, {}],
	});
	process.stdout.write(`${error?.message ?? 'no error'}\n`);
	await gong.close();
}

void main();
