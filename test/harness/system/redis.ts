import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';

import getPort from 'get-port';

import { findProgram, howToGet, REDIS } from './programs';
import { type Service, serviceFolder, startService } from './service';

/** Names a Redis to use instead of a private one, such as `redis://:password@127.0.0.1:6379/1`. */
export const REDIS_URL_VARIABLE = 'GONG_REDIS_URL';

/** A Redis on this machine's loopback with a password and without persistence, or the user's own. */
export async function startRedis(): Promise<Service> {
	const own = process.env[REDIS_URL_VARIABLE];
	if (own) return { url: new URL(own), dispose: async () => {} };
	const command = findProgram(REDIS);
	if (!command) throw new Error(howToGet(REDIS));
	const folder = await serviceFolder('redis');
	const port = await getPort({ host: '127.0.0.1' });
	const password = randomBytes(12).toString('hex');
	const settings = [
		'bind 127.0.0.1',
		`port ${port}`,
		`requirepass ${password}`,
		'save ""',
		'appendonly no',
		`dir "${folder}"`,
	];
	const file = path.join(folder, 'redis.conf');
	await writeFile(file, `${settings.join('\n')}\n`);
	await chmod(file, 0o600);
	return await startService({
		command,
		args: [file],
		folder,
		url: new URL(`redis://:${password}@127.0.0.1:${port}/0`),
		readyWords: /Ready to accept connections/i,
	});
}
