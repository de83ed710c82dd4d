import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_ACCOUNT } from '../harness/gong';
import { start, USERS, withKey } from './localGong';

describe('The local Gong on its own', () => {
	test('starts, prints how to reach it, logs each request in a line and ends on Ctrl-C', async () => {
		await start();
		const cli = join(__dirname, '..', 'harness', 'gong', 'cli.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', cli], { stdio: 'pipe' });
		let output = '';
		child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
		const said = async (words: RegExp) => {
			while (!words.test(output) && child.exitCode === null) await sleep(20);
		};
		const ended = once(child, 'exit');
		try {
			await said(/Ctrl-C/);
			const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
			expect(output).toContain(`curl -s -u '${DEMO_ACCOUNT.accessKey}:`);
			await fetch(`${url}${USERS}`, { headers: withKey(DEMO_ACCOUNT) });
			await said(/GET \/v2\/users/);
			expect(output).toMatch(/\d\d:\d\d:\d\d GET \/v2\/users 200 \d+ ms\n/);
		} finally {
			child.kill('SIGINT');
		}
		expect(await ended).toEqual([0, null]);
	});
});
