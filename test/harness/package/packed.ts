import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packProject, unpack } from './pack';
import { PROJECT } from './project';

/** The package as it comes out of the registry, and what n8n-workflow resolves to for it. */
export interface Packed {
	/** Where it is unpacked. */
	readonly folder: string;
	dispose(): void;
}

/**
 * Packs the project and unpacks it again. A release names the tarball that it will publish in
 * `GONG_PACKED`; then that one is looked at.
 */
export async function packAndUnpack(): Promise<Packed> {
	const home = mkdtempSync(path.join(tmpdir(), 'gong-call-access-packed-'));
	const folder = path.join(home, 'package');
	mkdirSync(folder);
	const ready = process.env.GONG_PACKED;
	unpack(ready ? path.resolve(PROJECT, ready) : await packProject(home), folder);
	// Beside it, as in n8n, where the package finds n8n-workflow and nothing else of ours.
	symlinkSync(path.join(PROJECT, 'node_modules'), path.join(home, 'node_modules'), 'junction');
	return { folder, dispose: () => rmSync(home, { recursive: true, force: true }) };
}
