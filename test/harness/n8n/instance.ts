import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import getPort from 'get-port';
import pWaitFor from 'p-wait-for';

import { unpack } from '../package/pack';
import { removeFolder } from '../system/folder';
import { GuardedProcess } from '../system/guarded';
import { n8nEnvironment } from './environment';
import { Execution, executionFromOutput } from './execution';
import type { InstalledN8n } from './install';
import { N8nRest } from './rest';
import { N8N_VERSIONS, type N8nVersion } from './versions';
import type { StoredCredential, Workflow } from './workflow';

const COMMAND_TIMEOUT_MS = 400_000;
const START_TIMEOUT_MS = 400_000;
const GRACE_MS = 10_000;
const KEPT_LOG = 500_000;

// n8n's message when another process has taken a port in the meantime.
const PORT_TAKEN = /port \d+ is already in use|EADDRINUSE/i;
const TRIES = 5;

/** The database of an n8n that was started once and has nothing in it, and the key that goes with it. */
export interface Beginning {
	readonly database: string;
	readonly encryptionKey: string;
}

/** A private n8n: a folder, a database, ports and a key of its own, listening on loopback only. */
export class N8nInstance {
	private server?: GuardedProcess;
	private disposed = false;
	private said = '';

	private constructor(
		private readonly installed: InstalledN8n,
		/** The folder of this n8n; removed by `dispose`. */
		readonly folder: string,
		private readonly env: NodeJS.ProcessEnv,
	) {}

	/** The address of the server; known once it has started. */
	get url(): string {
		return `http://127.0.0.1:${this.env.N8N_PORT}`;
	}

	/** Its output since the last start. */
	get log(): string {
		return this.said;
	}

	/**
	 * Creates one without starting it.
	 * @param extraEnv further settings of n8n
	 * @param beginning spares n8n the making of its tables
	 */
	static async create(
		installed: InstalledN8n,
		extraEnv: Readonly<Record<string, string>> = {},
		beginning?: Beginning,
	): Promise<N8nInstance> {
		const folder = await mkdtemp(path.join(tmpdir(), 'n8n-gong-call-access-'));
		const [port, brokerPort] = await twoPorts();
		const encryptionKey = beginning?.encryptionKey ?? randomBytes(24).toString('base64');
		const env = n8nEnvironment({ folder, installed, encryptionKey, port, brokerPort });
		const { env: own }: N8nVersion = N8N_VERSIONS[installed.version];
		const created = new N8nInstance(installed, folder, { ...env, ...own, ...extraEnv });
		if (beginning) {
			await mkdir(path.dirname(created.database));
			await copyFile(beginning.database, created.database);
		}
		return created;
	}

	/** The file of its database, once it has started. */
	get database(): string {
		return path.join(this.folder, '.n8n', 'database.sqlite');
	}

	/** With which it encrypts what its database holds of credentials. */
	get encryptionKey(): string {
		return this.env.N8N_ENCRYPTION_KEY ?? '';
	}

	/** Puts a package where the editor's own installer puts it. A running n8n must be restarted. */
	async installPackage(tarball: string, name: string): Promise<void> {
		const target = this.packageFolder(name);
		await removeFolder(target);
		await mkdir(target, { recursive: true });
		unpack(tarball, target);
	}

	/** Makes the folder of a package whose nodes n8n loads as custom ones, and can load again while it runs. */
	async makeCustomPackage(name: string): Promise<string> {
		const target = path.join(this.folder, '.n8n', 'custom', 'node_modules', name);
		await mkdir(target, { recursive: true });
		return target;
	}

	async removePackage(name: string): Promise<void> {
		await removeFolder(this.packageFolder(name));
	}

	async importCredentials(credentials: readonly StoredCredential[]): Promise<void> {
		await this.import('credentials', credentials);
	}

	async importWorkflows(workflows: readonly Workflow[]): Promise<void> {
		await this.import('workflow', workflows);
	}

	/** Runs a stored workflow with `n8n execute`; a failed one is an `Execution` too. */
	async execute(workflowId: string): Promise<Execution> {
		const { output } = await this.command(['execute', `--id=${workflowId}`, '--rawOutput']);
		const record = executionFromOutput(output);
		if (!record) throw new Error(`n8n execute gave no execution:\n${output.slice(-4_000)}`);
		return new Execution(record);
	}

	/** The descriptions of n8n's own nodes from `n8n export:nodes`, which leaves out community nodes. */
	async exportNodes(): Promise<readonly { readonly name: string }[]> {
		const file = path.join(this.folder, 'nodes.json');
		await this.command(['export:nodes', `--output=${file}`]);
		return JSON.parse(await readFile(file, 'utf8')) as { name: string }[];
	}

	/** Starts the server; resolves when its REST API answers. */
	async start(): Promise<N8nRest> {
		await this.startServer(['start'], async () => await this.answers());
		return new N8nRest(this.url);
	}

	/** Starts it as a worker of another n8n in queue mode; resolves when it accepts executions. */
	async startWorker(): Promise<void> {
		await this.startServer(['worker'], async () => await this.isReady());
	}

	private async startServer(
		args: readonly string[],
		isReady: () => Promise<boolean>,
	): Promise<void> {
		if (this.server) throw new Error('This n8n is running already.');
		for (let attempt = 1; ; attempt++) {
			if (await this.tryToStart(args, isReady)) return;
			if (attempt === TRIES || !PORT_TAKEN.test(this.said)) {
				throw new Error(`n8n did not start:\n${this.said.slice(-4_000)}`);
			}
			await this.takeOtherPorts();
		}
	}

	private async tryToStart(
		args: readonly string[],
		isReady: () => Promise<boolean>,
	): Promise<boolean> {
		let ended = false;
		const server = this.spawn(args);
		this.server = server;
		this.said = '';
		server.onOutput((text) => (this.said = (this.said + text).slice(-KEPT_LOG)));
		const markEnded = () => (ended = true);
		server.exited.then(markEnded, markEnded);
		let isUp = false;
		await pWaitFor(
			async () => {
				// Another server on the same port may have answered.
				isUp = !ended && (await isReady());
				return isUp || ended;
			},
			{ interval: 200, timeout: { milliseconds: START_TIMEOUT_MS, fallback: () => {} } },
		);
		if (!isUp) await this.stop();
		return isUp;
	}

	/** A port that was free a moment ago may be taken by the time n8n listens on it. */
	private async takeOtherPorts(): Promise<void> {
		const [port, brokerPort] = await twoPorts();
		this.env.N8N_PORT = String(port);
		this.env.N8N_RUNNERS_BROKER_PORT = String(brokerPort);
	}

	/** Ends the server with its children and waits until they have exited. */
	async stop(): Promise<void> {
		const server = this.server;
		this.server = undefined;
		await server?.stop();
	}

	/** Kills the server, like the system when it is out of memory. */
	async kill(): Promise<void> {
		const server = this.server;
		this.server = undefined;
		await server?.kill();
	}

	/** Ends it and removes all of its data. */
	async dispose(): Promise<void> {
		this.disposed = true;
		await this.stop();
		await removeFolder(this.folder);
	}

	private async import(
		kind: 'credentials' | 'workflow',
		entries: readonly unknown[],
	): Promise<void> {
		const file = path.join(this.folder, `${kind}.json`);
		await writeFile(file, JSON.stringify(entries));
		const { output } = await this.command([`import:${kind}`, `--input=${file}`]);
		await rm(file, { force: true });
		// The exit code is 0 after a refusal too.
		if (!output.includes('Successfully imported')) {
			throw new Error(`n8n could not import the ${kind}:\n${output.slice(-4_000)}`);
		}
	}

	private async command(args: readonly string[]): Promise<{ code: number; output: string }> {
		for (let attempt = 1; ; attempt++) {
			const done = await this.runCommand(args);
			if (attempt === TRIES || !PORT_TAKEN.test(done.output)) return done;
			await this.takeOtherPorts();
		}
	}

	private async runCommand(args: readonly string[]): Promise<{ code: number; output: string }> {
		const running = this.spawn(args);
		let output = '';
		let errors = '';
		running.onOutput((text, stream) => {
			if (stream === 'stdout') output += text;
			else errors += text;
		});
		const timer = setTimeout(() => void running.stop(), COMMAND_TIMEOUT_MS);
		const code = await running.exited;
		clearTimeout(timer);
		// The two streams are kept apart, so that no line of one is inside the other.
		return { code, output: `${output}\n${errors}` };
	}

	private spawn(args: readonly string[]): GuardedProcess {
		if (this.disposed) throw new Error('This n8n has been removed.');
		return new GuardedProcess(this.installed.node, [this.installed.bin, ...args], {
			// Not the project's folder: n8n reads a .env file from its working directory.
			cwd: this.folder,
			// A worker's only server reports its health.
			env: { ...this.env, QUEUE_HEALTH_CHECK_PORT: this.env.N8N_PORT },
			graceMs: GRACE_MS,
			orphanFolder: this.folder,
		});
	}

	private async answers(): Promise<boolean> {
		try {
			const signedIn = await fetch(`${this.url}/rest/login`);
			const type = signedIn.headers.get('content-type') ?? '';
			return (await this.isReady()) && type.includes('application/json');
		} catch {
			return false;
		}
	}

	private async isReady(): Promise<boolean> {
		try {
			return (await fetch(`${this.url}/healthz/readiness`)).ok;
		} catch {
			return false;
		}
	}

	private packageFolder(name: string): string {
		return path.join(this.folder, '.n8n', 'nodes', 'node_modules', name);
	}
}

/** Two free loopback ports; the same one is not returned again for some seconds. */
async function twoPorts(): Promise<readonly [number, number]> {
	const host = '127.0.0.1';
	return [await getPort({ host }), await getPort({ host })];
}
