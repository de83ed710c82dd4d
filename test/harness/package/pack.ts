import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { npm } from '../system/npm';
import { PROJECT } from './project';

/**
 * Packs the built project into `folder` as for publishing; returns the tarball's path. Where `GONG_PACKED` names a
 * tarball that was made before, such as the one that a release will publish, that one is returned.
 */
export async function packProject(folder: string): Promise<string> {
	const { GONG_PACKED } = process.env;
	if (GONG_PACKED) return path.resolve(PROJECT, GONG_PACKED);
	if (!existsSync(path.join(PROJECT, 'dist'))) {
		throw new Error('The project is not built yet: run "npm run build" first.');
	}
	const output = await npm(
		['pack', '--ignore-scripts', '--json', '--silent', '--pack-destination', folder],
		{ cwd: PROJECT },
	);
	const [packed] = JSON.parse(output) as { filename: string }[];
	return path.join(folder, packed.filename);
}

/** Unpacks an npm tarball into `folder`, which must exist. */
export function unpack(tarball: string, folder: string): void {
	// A relative name, since on Windows some versions of tar read "C:" as a host.
	const result = spawnSync(
		'tar',
		['-xzf', path.relative(folder, tarball), '--strip-components=1'],
		{ cwd: folder, encoding: 'utf8' },
	);
	if (result.status !== 0) {
		throw new Error(`tar could not unpack the package: ${result.error?.message ?? result.stderr}`);
	}
}
