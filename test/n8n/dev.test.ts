import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pWaitFor from 'p-wait-for';

import { N8nRest } from '../harness/n8n/rest';
import { describeUnless, SET_UP_MS, SKIPPED_WITHOUT_N8N } from '../harness/n8n/skipping';
import { DEFAULT_N8N, NEWEST_N8N } from '../harness/n8n/versions';
import { CUSTOM_NODE_TYPE } from '../harness/package/names';
import { copyProject } from '../harness/package/project';
import { removeFolder } from '../harness/system/folder';
import { GuardedProcess } from '../harness/system/guarded';

const SKIPPED =
	SKIPPED_WITHOUT_N8N || (DEFAULT_N8N === NEWEST_N8N ? '' : ` (SKIPPED: needs n8n ${NEWEST_N8N})`);
const PARAMETERS = 'nodes/GongCallAccess/parameters/labels.ts';
const LOADED_FIRST = 'nodes/GongCallAccess/GongCallAccess.node.ts';
const LOADED_AT_A_RUN = 'nodes/GongCallAccess/run.ts';
const TRIGGER = 'When clicking Execute workflow';
/** From a save to the editor: generous, since other tests run meanwhile. */
const FOLLOW_MS = 60_000;

jest.setTimeout(3 * FOLLOW_MS);

interface NodeType {
	readonly name: string;
	readonly properties: readonly { readonly name: string; readonly displayName: string }[];
}

describeUnless(SKIPPED)(`npm run dev${SKIPPED}`, () => {
	let folder: string;
	let project: string;
	/** Where it makes whatever it makes. */
	let temporary: string;
	let dev: GuardedProcess | undefined;
	let output = '';
	let rest: N8nRest;
	let workflowId: string;

	const edit = async (file: string, change: (text: string) => string): Promise<string> => {
		const target = path.join(project, file);
		const before = await readFile(target, 'utf8');
		const after = change(before);
		expect(after).not.toBe(before);
		await writeFile(target, after);
		return before;
	};
	const rename = async (from: string, to: string) =>
		await edit(PARAMETERS, (text) => text.replace(`'${from}'`, `'${to}'`));
	const until = async (condition: () => Promise<boolean> | boolean, awaited: string) => {
		const fallback = () => {
			throw new Error(`Waited in vain for ${awaited}:\n${output}`);
		};
		await pWaitFor(condition, { interval: 250, timeout: { milliseconds: FOLLOW_MS, fallback } });
		return true;
	};
	const served = async (): Promise<string | undefined> => {
		// n8n writes this file anew at each load, and may be in the middle of it.
		const types = await rest.file('/types/nodes.json').catch((error: Error) => {
			// By its name: it comes from outside of jest's own world, where it is another class.
			if (error.name === 'SyntaxError') return [];
			throw error;
		});
		const type = (types as readonly NodeType[]).find(({ name }) => name === CUSTOM_NODE_TYPE);
		return type?.properties.find(({ name }) => name === 'splitInto')?.displayName;
	};
	const shows = async (text: string) =>
		await until(async () => (await served()) === text, `"${text}" in the editor`);
	const says = async (text: string) =>
		await until(() => output.includes(text), `"${text}" in the terminal`);

	beforeAll(async () => {
		folder = await mkdtemp(path.join(tmpdir(), 'gong-call-access-dev-'));
		project = path.join(folder, 'project');
		temporary = path.join(folder, 'temporary');
		await mkdir(temporary);
		await copyProject(project);
		dev = new GuardedProcess(process.execPath, [path.join(project, 'scripts/run.mjs'), 'dev'], {
			cwd: project,
			env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
			graceMs: 30_000,
			orphanFolder: folder,
		});
		dev.onOutput((text) => (output += text));
		let ended = false;
		void dev.exited.finally(() => (ended = true));
		await pWaitFor(() => ended || output.includes('Ctrl-C'), { interval: 250 });
		const shown = /(http\S+)\/workflow\/(\S+)\s+e-mail\s+(\S+)\s+password\s+(\S+)/.exec(output);
		if (!shown) throw new Error(`npm run dev did not start:\n${output}`);
		const [, url, id, email, password] = shown;
		workflowId = id;
		rest = new N8nRest(url);
		await rest.signIn({ email, password });
	}, SET_UP_MS);

	afterAll(async () => {
		await dev?.stop();
		await removeFolder(folder);
	});

	it('shows a changed text in the editor', async () => {
		expect(await shows('Output Format')).toBe(true);
		await rename('Output Format', 'Changed Once');
		expect(await shows('Changed Once')).toBe(true);
	});

	it('reports a save that does not compile, and shows the next good one', async () => {
		const good = await edit(PARAMETERS, (text) => `${text}\nconst broken: number = 'text';\n`);
		expect(await says("error TS2322: Type 'string' is not assignable to type 'number'")).toBe(true);
		expect(await shows('Changed Once')).toBe(true);
		await edit(PARAMETERS, () => good.replace('Changed Once', 'Changed Twice'));
		expect(await shows('Changed Twice')).toBe(true);
	});

	it('says why n8n cannot load the node, and shows the next one that it can', async () => {
		const good = await edit(
			LOADED_FIRST,
			(text) => `${text}\nthrow new Error('not to be loaded');\n`,
		);
		expect(await says('Error: not to be loaded')).toBe(true);
		await edit(LOADED_FIRST, () => good);
		await rename('Changed Twice', 'Changed Again');
		expect(await shows('Changed Again')).toBe(true);
	});

	it('runs the new code of a file that is loaded at a run', async () => {
		// While n8n loads the node it does not know it, and refuses to run the workflow.
		const run = async () => await rest.run(workflowId, TRIGGER).catch(() => undefined);
		const runs = async (status: string) =>
			await until(async () => (await run())?.status === status, `a run with ${status}`);
		expect(await runs('success')).toBe(true);
		await edit(LOADED_AT_A_RUN, (text) => `${text}\nthrow new Error('the new run');\n`);
		expect(await runs('error')).toBe(true);
	});

	it('ends in order and leaves nothing behind', async () => {
		await dev?.stop();
		expect(await dev?.exited).toBe(0);
		const left = await readdir(temporary);
		expect(left.filter((name) => name.startsWith('n8n-gong-call-access-'))).toEqual([]);
		await expect(served()).rejects.toThrow();
	});
});
