import { fork } from 'node:child_process';
import path from 'node:path';

import { PROJECT } from '../../test/harness/package/project';
import type { EngineTask, EngineUse } from './engineRun';

const PROGRAM = path.join(__dirname, 'engineRun.ts');

/** Runs a task in n8n's engine in a process of its own. Rejects if the node fails. */
export async function runApart(task: EngineTask, folder: string): Promise<EngineUse> {
	const child = fork(PROGRAM, [JSON.stringify(task)], {
		cwd: PROJECT,
		execArgv: ['--import', 'tsx'],
		env: { ...process.env, N8N_USER_FOLDER: folder },
	});
	return await new Promise((resolve, reject) => {
		let use: EngineUse | undefined;
		child.once('message', (message) => (use = message as EngineUse));
		child.once('error', reject);
		child.once('exit', (code) => {
			if (use) resolve(use);
			else reject(new Error(`A measurement in n8n's engine ended with ${code}.`));
		});
	});
}
