import { randomInt } from 'node:crypto';
import path from 'node:path';

import pWaitFor from 'p-wait-for';

import { DEMO_ACCOUNT, GONG_LIMIT, sampleData, startLocalGong } from '../../test/harness/gong';
import { fleetPrograms, startFleet, type UndoLater } from '../../test/harness/n8n/fleet';
import { installN8n } from '../../test/harness/n8n/install';
import { N8nInstance } from '../../test/harness/n8n/instance';
import { gongCredential } from '../../test/harness/n8n/gongCredential';
import type { N8nRest, Owner } from '../../test/harness/n8n/rest';
import { NEWEST_N8N } from '../../test/harness/n8n/versions';
import { readWorkflow, withCredential, withNodeType } from '../../test/harness/n8n/workflow';
import { CUSTOM_NODE_TYPE, NODE_TYPE, PACKAGE_NAME } from '../../test/harness/package/names';
import { packProject } from '../../test/harness/package/pack';
import { PROJECT } from '../../test/harness/package/project';
import { findProgram, howToGet } from '../../test/harness/system/programs';
import type { Say } from '../../test/harness/system/progress';
import type { Row } from '../lib/table';
import { watchNode } from './watchNode';

const EXAMPLE = path.join(PROJECT, 'examples', 'audit-to-table.json');
const WORKERS = 2;
const LOG_LINES = 20;
const LOG_MS = 10_000;
const TRIGGER_TYPE = 'n8n-nodes-base.manualTrigger';

/** What there is to see once everything runs. */
export interface Shown {
	/** What the example workflow gave; none where it was not run. */
	readonly rows: readonly Row[];
	readonly editorUrl: string;
	readonly owner: Owner;
	/** In queue mode, the worker that ran it; else empty. */
	readonly ranOn: string;
}

export interface Stage {
	readonly ready: Promise<Shown>;
	/** Ends whatever runs by then, and removes what was made for it. */
	end(): Promise<void>;
}

export interface EditorOptions {
	/** n8n is in queue mode, with workers that run what its main process queues. */
	readonly queue?: boolean;
	/** The node is built anew and loaded again whenever its files change; the example workflow is not run. */
	readonly watch?: boolean;
}

/** Sets everything up: the local Gong, n8n, the credential and the example workflow, which is run. */
export function startEditor(say: Say, { queue = false, watch = false }: EditorOptions = {}): Stage {
	const undo: (() => Promise<void>)[] = [];
	let ended = false;
	/** Has a thing undone at the end, or at once where the end has come while it was made. */
	const undoLater = async (action: () => Promise<void>) => {
		undo.push(action);
		if (!ended) return;
		await action();
		throw new Error('It was ended.');
	};
	const ready = setStage(say, undoLater, watch ? startWatched : queue ? startQueue : startOne);
	// Somebody who ends it early no longer waits for this.
	ready.catch(() => {});
	return {
		ready,
		async end() {
			ended = true;
			for (const action of undo.reverse()) await action();
		},
	};
}

/** An n8n that runs, with the node in it. */
interface Started {
	readonly url: string;
	readonly rest: N8nRest;
	/** Our node, as its workflows name it. */
	readonly nodeType: string;
	/** Whether the example workflow is run, to show its result. */
	readonly runsExample: boolean;
	/** The name of the worker that ran something, where there are workers. */
	ranOn(): string;
}

type StartN8n = (say: Say, undoLater: UndoLater, owner: Owner) => Promise<Started>;

const startOne: StartN8n = async (say, undoLater, owner) => {
	const installed = await installN8n(undefined, say);
	say(`Starting n8n ${installed.version} with the Gong Call Access node in it (about 15 s) …`);
	const n8n = await N8nInstance.create(installed);
	await undoLater(async () => await n8n.dispose());
	await n8n.installPackage(await packProject(n8n.folder), PACKAGE_NAME);
	const rest = await n8n.start();
	await rest.setupOwner(owner);
	return { url: n8n.url, rest, nodeType: NODE_TYPE, runsExample: true, ranOn: () => '' };
};

const startWatched: StartN8n = async (say, undoLater, owner) => {
	// 2.8.4 and older cannot be asked to load a node again. Where n8n's own watcher of files has a binary for
	// this machine, n8n loads each build twice.
	const installed = await installN8n(NEWEST_N8N, say);
	say(`Starting n8n ${installed.version} (about 15 s) …`);
	const n8n = await N8nInstance.create(installed, { N8N_DEV_RELOAD: 'true' });
	await undoLater(async () => await n8n.dispose());
	const folder = await n8n.makeCustomPackage(PACKAGE_NAME);
	const rest = await n8n.start();
	await rest.setupOwner(owner);
	say('Building the Gong Call Access node …');
	const load = async () => {
		const before = n8n.log.length;
		try {
			await rest.reloadCustomNodes();
		} catch (cause) {
			// The answer only says that it failed. The log has the reason, with a stack that names our files, and
			// may come later than the answer.
			await pWaitFor(() => n8n.log.slice(before).includes(PACKAGE_NAME), {
				interval: 50,
				timeout: { milliseconds: LOG_MS, fallback: () => {} },
			});
			throw new Error(lastLines(n8n.log), { cause });
		}
	};
	const watch = watchNode(folder, say, load);
	await undoLater(async () => await watch.close());
	await watch.settled;
	return { url: n8n.url, rest, nodeType: CUSTOM_NODE_TYPE, runsExample: false, ranOn: () => '' };
};

const startQueue: StartN8n = async (say, undoLater, owner) => {
	const missing = fleetPrograms().filter((program) => findProgram(program) === undefined);
	if (missing.length > 0) {
		throw new Error(`Queue mode needs Redis and PostgreSQL. ${missing.map(howToGet).join(' ')}`);
	}
	const installed = await installN8n(undefined, say);
	say('Starting Redis and PostgreSQL, private ones that are gone when this ends …');
	say(
		`Starting n8n ${installed.version} in queue mode, a main process and ${WORKERS} workers, with the Gong Call Access node on each (about 40 s) …`,
	);
	const fleet = await startFleet({ workers: WORKERS, owner, undoLater });
	const ranOn = () => fleet.workers.find(({ begun }) => begun().length > 0)?.name ?? '';
	return { url: fleet.url, rest: fleet.rest, nodeType: NODE_TYPE, runsExample: true, ranOn };
};

function lastLines(text: string): string {
	return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

async function setStage(say: Say, undoLater: UndoLater, startN8n: StartN8n): Promise<Shown> {
	say('Starting a stand-in for Gong on this computer, with a few calls in it …');
	const gong = await startLocalGong({ data: sampleData(), limit: GONG_LIMIT });
	await undoLater(async () => await gong.close());

	const owner = { email: 'demo@example.com', password: `Demo${randomInt(100_000, 1_000_000)}` };
	const { url, rest, nodeType, runsExample, ranOn } = await startN8n(say, undoLater, owner);

	say(`Storing the credential and the example workflow${runsExample ? ', and running it' : ''} …`);
	const credential = gongCredential(gong, DEMO_ACCOUNT, 'Gong (stand-in)');
	const credentialId = await rest.createCredential(credential);
	const example = withNodeType(readWorkflow(EXAMPLE), NODE_TYPE, nodeType);
	const workflow = withCredential(example, nodeType, { ...credential, id: credentialId });
	const workflowId = await rest.createWorkflow(workflow);
	const editorUrl = `${url}/workflow/${workflowId}`;
	if (!runsExample) return { rows: [], editorUrl, owner, ranOn: '' };

	const execution = await rest.run(workflowId, nodeOfType(workflow, TRIGGER_TYPE));
	if (execution.status !== 'success') {
		throw new Error(`The example workflow did not succeed: ${execution.error?.message}`);
	}
	const rows = execution.rows(nodeOfType(workflow, nodeType));
	return { rows, editorUrl, owner, ranOn: ranOn() };
}

function nodeOfType(workflow: ReturnType<typeof readWorkflow>, type: string): string {
	const node = workflow.nodes.find((candidate) => candidate.type === type);
	if (!node) throw new Error(`The example workflow has no node of type ${type}.`);
	return node.name;
}
