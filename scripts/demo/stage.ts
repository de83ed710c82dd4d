import { randomInt } from 'node:crypto';
import path from 'node:path';

import { DEMO_ACCOUNT, GONG_LIMIT, sampleData, startLocalGong } from '../../test/gong';
import { installN8n } from '../../test/n8n/install';
import { N8nInstance } from '../../test/n8n/instance';
import { PACKAGE_NAME, packProject } from '../../test/n8n/package';
import type { Say } from '../../test/n8n/progress';
import type { Owner } from '../../test/n8n/rest';
import { readWorkflow, withCredential } from '../../test/n8n/workflow';
import type { AccessRow } from './table';

const EXAMPLE = path.resolve(__dirname, '..', '..', 'examples', 'audit-to-table.json');
const NODE_TYPE = `${PACKAGE_NAME}.gongCallAccess`;
const TRIGGER_TYPE = 'n8n-nodes-base.manualTrigger';

/** What there is to see once everything runs. */
export interface Shown {
	readonly rows: readonly AccessRow[];
	readonly editorUrl: string;
	readonly owner: Owner;
}

export interface Stage {
	readonly ready: Promise<Shown>;
	/** Ends whatever runs by then, and removes what was made for it. */
	end(): Promise<void>;
}

/** Sets the demo up: the local Gong, n8n, the credential and the example workflow, which is run. */
export function startDemo(say: Say): Stage {
	const undo: (() => Promise<void>)[] = [];
	let ended = false;
	/** Has a thing undone at the end, or at once where the end has come while it was made. */
	const undoLater = async (action: () => Promise<void>) => {
		undo.push(action);
		if (!ended) return;
		await action();
		throw new Error('The demo was ended.');
	};
	const ready = setStage(say, undoLater);
	// Somebody who ends the demo early no longer waits for this.
	ready.catch(() => {});
	return {
		ready,
		async end() {
			ended = true;
			for (const action of undo.reverse()) await action();
		},
	};
}

type UndoLater = (action: () => Promise<void>) => Promise<void>;

async function setStage(say: Say, undoLater: UndoLater): Promise<Shown> {
	const installed = await installN8n(undefined, say);

	say('Starting a stand-in for Gong on this computer, with four calls in it …');
	const gong = await startLocalGong({ data: sampleData(), limit: GONG_LIMIT });
	await undoLater(async () => await gong.close());

	say(`Starting n8n ${installed.version} with the Gong Call Access node in it (about 15 s) …`);
	const n8n = await N8nInstance.create(installed);
	await undoLater(async () => await n8n.dispose());
	await n8n.installPackage(await packProject(n8n.folder), PACKAGE_NAME);
	const rest = await n8n.start();
	const owner = { email: 'demo@example.com', password: `Demo${randomInt(100_000, 1_000_000)}` };
	await rest.setupOwner(owner);

	say('Storing the credential and the example workflow, and running it …');
	const { accessKey, accessKeySecret } = DEMO_ACCOUNT;
	const credential = {
		name: 'Gong (stand-in)',
		type: 'gongApi',
		data: { baseUrl: gong.url, accessKey, accessKeySecret },
	};
	const credentialId = await rest.createCredential(credential);
	const workflow = withCredential(readWorkflow(EXAMPLE), NODE_TYPE, {
		...credential,
		id: credentialId,
	});
	const workflowId = await rest.createWorkflow(workflow);
	const execution = await rest.run(workflowId, nodeOfType(workflow, TRIGGER_TYPE));
	if (execution.status !== 'success') {
		throw new Error(`The example workflow did not succeed: ${execution.error?.message}`);
	}
	const rows = execution.rows(nodeOfType(workflow, NODE_TYPE)) as unknown as AccessRow[];
	return { rows, editorUrl: `${n8n.url}/workflow/${workflowId}`, owner };
}

function nodeOfType(workflow: ReturnType<typeof readWorkflow>, type: string): string {
	const node = workflow.nodes.find((candidate) => candidate.type === type);
	if (!node) throw new Error(`The example workflow has no node of type ${type}.`);
	return node.name;
}
