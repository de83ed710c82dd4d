import path from 'node:path';

import type { InstalledN8n } from './install';

/** What n8n needs from the environment that starts it; other variables, such as NODE_ENV=test, would change it. */
const KEPT =
	/^(PATH|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|TEMP|TMP|TMPDIR|LANG|LC_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$/i;

export interface EnvironmentOptions {
	readonly folder: string;
	readonly installed: InstalledN8n;
	readonly encryptionKey: string;
	readonly port: number;
	readonly brokerPort: number;
}

/** Settings of an n8n whose editor nobody opens: it copies thousands of the editor's files at each start otherwise. */
export const WITHOUT_EDITOR: Readonly<Record<string, string>> = { N8N_DISABLE_UI: 'true' };

/** The environment of a private n8n: its own folder, its own ports on loopback, and no requests to other hosts. */
export function n8nEnvironment({ installed, ...options }: EnvironmentOptions): NodeJS.ProcessEnv {
	const env: NodeJS.ProcessEnv = {};
	for (const [key, value] of Object.entries(process.env)) if (KEPT.test(key)) env[key] = value;
	const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	// n8n starts its task runner with the Node that it finds there.
	env[pathKey] = [path.dirname(installed.node), env[pathKey] ?? ''].join(path.delimiter);
	return {
		...env,
		HOME: options.folder,
		USERPROFILE: options.folder,
		NO_COLOR: '1',
		// Without it Node compiles thousands of files at every start.
		NODE_COMPILE_CACHE: path.join(installed.folder, 'compiled'),
		N8N_USER_FOLDER: options.folder,
		N8N_ENCRYPTION_KEY: options.encryptionKey,
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(options.port),
		N8N_RUNNERS_ENABLED: 'true',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(options.brokerPort),
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		// Plain http on loopback, where some browsers refuse a secure cookie.
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_PYTHON_ENABLED: 'false',
		// n8n fetches its list of verified packages from its own server.
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_REINSTALL_MISSING_PACKAGES: 'false',
		N8N_LOG_LEVEL: 'info',
	};
}
