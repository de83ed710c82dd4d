import { createRequire } from 'node:module';

import type { InstalledN8n } from './install';

/** The part of `pg`, which n8n brings, that is used here. */
interface PostgresClient {
	connect(): Promise<void>;
	query(sql: string): Promise<unknown>;
	end(): Promise<void>;
}

/** The part of `ioredis`, which n8n brings, that is used here. */
interface RedisClient {
	keys(pattern: string): Promise<string[]>;
	del(...keys: string[]): Promise<number>;
	quit(): Promise<unknown>;
}

/**
 * Creates a database in the user's own PostgreSQL; returns its address. `name` must be plain letters and
 * digits.
 */
export async function makeDatabase(installed: InstalledN8n, url: URL, name: string): Promise<URL> {
	await inPostgres(installed, url, `CREATE DATABASE ${name}`);
	const made = new URL(url);
	made.pathname = `/${name}`;
	return made;
}

/** Removes that database. */
export async function dropDatabase(installed: InstalledN8n, url: URL, name: string): Promise<void> {
	await inPostgres(installed, url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Removes all keys with this prefix from the user's own Redis. */
export async function dropKeys(installed: InstalledN8n, url: URL, prefix: string): Promise<void> {
	const { Redis } = createRequire(installed.bin)('ioredis') as {
		Redis: new (address: string) => RedisClient;
	};
	const client = new Redis(String(url));
	try {
		const keys = await client.keys(`*${prefix}*`);
		if (keys.length > 0) await client.del(...keys);
	} finally {
		await client.quit();
	}
}

async function inPostgres(installed: InstalledN8n, url: URL, sql: string): Promise<void> {
	const { Client } = createRequire(installed.bin)('pg') as {
		Client: new (options: { connectionString: string }) => PostgresClient;
	};
	const client = new Client({ connectionString: String(url) });
	await client.connect();
	try {
		await client.query(sql);
	} finally {
		await client.end();
	}
}
