import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packProject, unpack } from './pack';
import { PROJECT } from './project';

/** The package as the registry delivers it, and the module that n8n-workflow resolves to for it. */
export interface Packed {
	/** The folder that it is unpacked in. */
	readonly folder: string;
	dispose(): void;
}

/** Packs the project, unless that was done before, and unpacks it. */
export async function packAndUnpack(): Promise<Packed> {
	const home = mkdtempSync(path.join(tmpdir(), 'gong-call-access-packed-'));
	const folder = path.join(home, 'package');
	mkdirSync(folder);
	unpack(await packProject(home), folder);
	// Next to it, as in n8n, where the package finds n8n-workflow and no other module of ours.
	symlinkSync(path.join(PROJECT, 'node_modules'), path.join(home, 'node_modules'), 'junction');
	return { folder, dispose: () => rmSync(home, { recursive: true, force: true }) };
}
