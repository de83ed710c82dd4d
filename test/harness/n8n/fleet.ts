import { randomBytes } from 'node:crypto';

import { PACKAGE_NAME } from '../package/names';
import { packProject } from '../package/pack';
import { POSTGRES_URL_VARIABLE, startPostgres } from '../system/postgres';
import { POSTGRES, type Program, REDIS, skippedFor } from '../system/programs';
import { REDIS_URL_VARIABLE, startRedis } from '../system/redis';
import { dropDatabase, dropKeys, makeDatabase } from './borrowed';
import { type InstalledN8n, installN8n } from './install';
import { N8nInstance } from './instance';
import { OWNER, type N8nRest, type Owner } from './rest';

/** One of the n8n processes that run executions. */
export interface FleetWorker {
	readonly name: string;
	readonly n8n: N8nInstance;
	/** The IDs of the executions that it has reported as started. */
	begun(): readonly string[];
}

/** An n8n in queue mode: the main process with the editor, and workers, which run the queued executions. */
export interface Fleet {
	readonly installed: InstalledN8n;
	readonly url: string;
	readonly rest: N8nRest;
	readonly workers: readonly FleetWorker[];
	/** Ends all of it and removes all of its data. */
	dispose(): Promise<void>;
}

export interface FleetOptions {
	/** Default 3. */
	readonly workers?: number;
	/** Further settings of n8n, for all its processes. */
	readonly env?: Readonly<Record<string, string>>;
	readonly owner?: Owner;
	/** Called with each clean-up step as soon as it is needed; by default `dispose` runs them. */
	readonly undoLater?: UndoLater;
}

/** Registers a clean-up step. */
export type UndoLater = (action: () => Promise<void>) => Promise<void>;

/** The programs that n8n's queue mode needs and that have to be started here. */
export function fleetPrograms(): readonly Program[] {
	return [
		...(process.env[REDIS_URL_VARIABLE] ? [] : [REDIS]),
		...(process.env[POSTGRES_URL_VARIABLE] ? [] : [POSTGRES]),
	];
}

/** The reason for skipping tests in queue mode, for their titles; empty if they run. */
export function skippedForFleet(): string {
	return skippedFor(...fleetPrograms());
}

/**
 * Starts one with the packed package on each of its processes. Each process has a folder of its own, as on
 * separate machines. Redis and PostgreSQL are private, unless GONG_REDIS_URL and GONG_POSTGRES_URL name others.
 */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
	const undo: (() => Promise<void>)[] = [];
	const dispose = async () => {
		for (const action of undo.splice(0).reverse()) await action();
	};
	const undoLater: UndoLater =
		options.undoLater ??
		(async (action) => {
			undo.push(action);
			await Promise.resolve();
		});
	try {
		return { ...(await startAll(options, undoLater)), dispose };
	} catch (error) {
		await dispose();
		throw error;
	}
}

async function startAll(
	{ workers: count = 3, env = {}, owner = OWNER }: FleetOptions,
	undoLater: UndoLater,
): Promise<Omit<Fleet, 'dispose'>> {
	const installed = await installN8n();
	const shared = { ...(await startServices(installed, undoLater)), ...env };
	const create = async () => {
		const n8n = await N8nInstance.create(installed, shared);
		await undoLater(async () => await n8n.dispose());
		return n8n;
	};
	const main = await create();
	const tarball = await packProject(main.folder);
	await main.installPackage(tarball, PACKAGE_NAME);
	// First, since it migrates the database.
	const rest = await main.start();
	await rest.setupOwner(owner);
	const workers = await Promise.all(
		Array.from({ length: count }, async (_, place): Promise<FleetWorker> => {
			const n8n = await create();
			await n8n.installPackage(tarball, PACKAGE_NAME);
			await n8n.startWorker();
			return { name: `worker ${place + 1}`, n8n, begun: () => executionsBegun(n8n.log) };
		}),
	);
	return { installed, url: main.url, rest, workers };
}

/** Starts Redis and PostgreSQL; returns the settings with which n8n's processes find them and each other. */
async function startServices(
	installed: InstalledN8n,
	undoLater: UndoLater,
): Promise<Record<string, string>> {
	const prefix = `gong_test_${randomBytes(6).toString('hex')}`;
	const redis = await startRedis();
	await undoLater(async () => {
		if (process.env[REDIS_URL_VARIABLE]) await dropKeys(installed, redis.url, prefix);
		await redis.dispose();
	});
	const postgres = await startPostgres();
	await undoLater(async () => {
		if (process.env[POSTGRES_URL_VARIABLE]) await dropDatabase(installed, postgres.url, prefix);
		await postgres.dispose();
	});
	const database = process.env[POSTGRES_URL_VARIABLE]
		? await makeDatabase(installed, postgres.url, prefix)
		: postgres.url;
	return {
		EXECUTIONS_MODE: 'queue',
		// Otherwise executions started by the editor's button run on the main process.
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64'),
		...redisSettings(redis.url, prefix),
		...postgresSettings(database),
	};
}

function redisSettings(url: URL, prefix: string): Record<string, string> {
	return {
		QUEUE_BULL_PREFIX: `bull_${prefix}`,
		N8N_REDIS_KEY_PREFIX: `n8n_${prefix}`,
		QUEUE_BULL_REDIS_HOST: url.hostname,
		QUEUE_BULL_REDIS_PORT: url.port || '6379',
		QUEUE_BULL_REDIS_USERNAME: decodeURIComponent(url.username),
		QUEUE_BULL_REDIS_PASSWORD: decodeURIComponent(url.password),
		QUEUE_BULL_REDIS_DB: url.pathname.slice(1) || '0',
		QUEUE_BULL_REDIS_TLS: String(url.protocol === 'rediss:'),
	};
}

function postgresSettings(url: URL): Record<string, string> {
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: url.hostname,
		DB_POSTGRESDB_PORT: url.port || '5432',
		DB_POSTGRESDB_DATABASE: url.pathname.slice(1),
		DB_POSTGRESDB_USER: decodeURIComponent(url.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
	};
}

function executionsBegun(log: string): readonly string[] {
	return [...log.matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id);
}
