import { homedir } from 'node:os';
import path from 'node:path';

const NAME = 'n8n-nodes-gong-call-access';

/** Where this user's programs keep what can be fetched again, by the custom of the system. */
export function cacheFolder(): string {
	// The convention says that a relative XDG path is to be ignored.
	const xdg = process.env.XDG_CACHE_HOME;
	if (xdg && path.isAbsolute(xdg)) return path.join(xdg, NAME);
	if (process.platform === 'win32') {
		return path.join(
			process.env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'),
			NAME,
			'Cache',
		);
	}
	if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', NAME);
	return path.join(homedir(), '.cache', NAME);
}
