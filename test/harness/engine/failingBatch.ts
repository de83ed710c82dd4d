/**
 * Runs outside jest, because jest keeps unhandled rejections from ending the process, which they do in n8n: the
 * first of three batches fails while the engine waits for the second. With `fileGone` it fails because a file
 * of the node is missing, as during an update of the package.
 */
import './environment';
import Module from 'node:module';
import { makeData, QUICK, startLocalGong } from '../gong';
import { runNode } from './engine';

/** From now on Node finds no file for this `require`. */
function takeAway(gone: string): void {
	const loader = Module as unknown as { _resolveFilename: (request: string) => string };
	const resolve = loader._resolveFilename;
	loader._resolveFilename = function (this: unknown, ...args) {
		if (args[0] === gone) throw Object.assign(new Error('gone'), { code: 'MODULE_NOT_FOUND' });
		return resolve.apply(this, args);
	};
}

async function main(): Promise<void> {
	const gong = await startLocalGong({ latency: QUICK, data: makeData({ calls: [{ id: '1' }] }) });
	if (process.argv.includes('fileGone')) takeAway('./runtime.js');
	else gong.fail({ kind: 'status', status: 400, errors: ['Not today'], times: Infinity });
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
