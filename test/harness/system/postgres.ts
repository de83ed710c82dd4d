import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { chmod, chown, writeFile } from 'node:fs/promises';
import path from 'node:path';

import getPort from 'get-port';

import { removeFolder } from './folder';
import { findProgram, howToGet, POSTGRES } from './programs';
import {
	bareEnvironment,
	type Service,
	serviceFolder,
	startService,
	userInsteadOfRoot,
} from './service';

/**
 * Names a PostgreSQL to use instead of a private one, such as
 * `postgres://name:password@127.0.0.1:5432/postgres`, with a user who may create databases: a database of our
 * own is created beside the named one, and removed.
 */
export const POSTGRES_URL_VARIABLE = 'GONG_POSTGRES_URL';

const USER = 'n8n';
const INITDB = process.platform === 'win32' ? 'initdb.exe' : 'initdb';

/** A PostgreSQL on this machine's loopback with a password and a database for n8n, or the user's own. */
export async function startPostgres(): Promise<Service> {
	const own = process.env[POSTGRES_URL_VARIABLE];
	if (own) return { url: new URL(own), dispose: async () => {} };
	const command = findProgram(POSTGRES);
	if (!command) throw new Error(howToGet(POSTGRES));
	// PostgreSQL refuses to run as root.
	const user = userInsteadOfRoot('postgres', 'nobody');
	const folder = await serviceFolder('postgres', user);
	try {
		const data = path.join(folder, 'data');
		const password = randomBytes(12).toString('hex');
		const passwordFile = path.join(folder, 'password');
		await writeFile(passwordFile, password);
		await chmod(passwordFile, 0o600);
		if (user) await chown(passwordFile, user.uid, user.gid);
		const initdb = path.join(path.dirname(realpathSync(command)), INITDB);
		const made = spawnSync(
			initdb,
			[
				`--pgdata=${data}`,
				`--username=${USER}`,
				`--pwfile=${passwordFile}`,
				'--auth=scram-sha-256',
				'--encoding=UTF8',
				'--locale=C',
				'--no-sync',
			],
			{ cwd: folder, env: bareEnvironment(folder), encoding: 'utf8', ...user },
		);
		if (made.status !== 0) {
			throw new Error(`initdb failed: ${made.error?.message ?? made.stdout + made.stderr}`);
		}
		const port = await getPort({ host: '127.0.0.1' });
		return await startService({
			command,
			args: [
				...['-D', data, '-h', '127.0.0.1', '-p', String(port)],
				...['-c', 'unix_socket_directories='],
				// Its data is removed at the end anyway, so nothing has to be written to the disk safely.
				...['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'],
			],
			folder,
			url: new URL(`postgres://${USER}:${password}@127.0.0.1:${port}/postgres`),
			user,
			readyWords: /database system is ready to accept connections/,
		});
	} catch (error) {
		await removeFolder(folder);
		throw error;
	}
}
