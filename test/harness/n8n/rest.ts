import { setTimeout as sleep } from 'node:timers/promises';

import { parse as unflatten } from 'flatted';
import pWaitFor from 'p-wait-for';

import { Execution, type ExecutionRecord } from './execution';
import type { StoredCredential, Workflow, WorkflowNode } from './workflow';

/** The sign-in of a user of the editor. */
export interface Owner {
	readonly email: string;
	readonly password: string;
}

/** The owner of the n8n in tests. */
export const OWNER: Owner = { email: 'owner@example.com', password: 'Local-only-1' };

/** An execution in n8n's list. */
export interface StoredExecution {
	readonly id: string;
	readonly status: string;
}

const BUSY_MS = 1_000;
/** An execution that takes longer is taken to hang: far more than is ever needed, on a busy machine too. */
const HANGS_MS = 200_000;
const BUSY_TRIES = 30;
const UNDER_WAY = ['new', 'running', 'waiting'];

/** Whether it has ended, with any status. */
export function isOver({ status }: { readonly status: string }): boolean {
	return !UNDER_WAY.includes(status);
}

/** Talks to a running n8n like its editor. */
export class N8nRest {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** The cookie of the signed-in user. */
	get session(): string {
		return this.cookie;
	}

	/** Creates the owner of a new n8n and stays signed in as the owner. */
	async setupOwner(owner: Owner): Promise<void> {
		await this.send('POST', '/owner/setup', { ...owner, firstName: 'Demo', lastName: 'Owner' });
	}

	async signIn({ email, password }: Owner): Promise<void> {
		await this.send('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** Has n8n load the nodes in its custom folder again; it must run with `N8N_DEV_RELOAD`. */
	async reloadCustomNodes(): Promise<void> {
		await this.send('POST', '/dev/reload');
	}

	/** Stores a credential; returns its ID. */
	async createCredential({ name, type, data }: Omit<StoredCredential, 'id'>): Promise<string> {
		const created = (await this.send('POST', '/credentials', { name, type, data })) as {
			id: string;
		};
		return created.id;
	}

	/**
	 * Connects an OAuth2 credential as a user does: from n8n to the other side's consent page, which must consent
	 * by itself, and back to n8n. Returns the address of the consent page.
	 */
	async connectOAuth2(credentialId: string): Promise<URL> {
		const consent = await this.send('GET', `/oauth2-credential/auth?id=${credentialId}`);
		const agreed = await fetch(String(consent), { redirect: 'manual' });
		const callback = agreed.headers.get('location');
		if (!callback?.startsWith(`${this.url}/`)) {
			throw new Error(`The consent page did not lead back to n8n: ${await agreed.text()}`);
		}
		const end = await fetch(callback, { headers: { cookie: this.cookie } });
		const page = await end.text();
		const { data } = (await this.send('GET', `/credentials/${credentialId}?includeData=true`)) as {
			data: { oauthTokenData?: unknown };
		};
		if (!data.oauthTokenData) throw new Error(`n8n did not keep a token: ${page.slice(-1_000)}`);
		return new URL(String(consent));
	}

	/** A JSON file that n8n serves to its editor, or nothing if it does not exist. */
	async file(path: string): Promise<unknown> {
		const response = await fetch(`${this.url}${path}`, { headers: { cookie: this.cookie } });
		if (response.status === 404) return undefined;
		if (!response.ok) throw new Error(`n8n answered ${response.status} to GET ${path}`);
		return (await response.json()) as unknown;
	}

	/** Checks a stored credential like the editor on saving; returns the editor's result. */
	async testCredential(
		id: string,
		{ name, type, data }: Omit<StoredCredential, 'id'>,
	): Promise<{ status: string; message: string }> {
		const credentials = { id, name, type, data };
		const result = await this.send('POST', '/credentials/test', { credentials });
		return result as { status: string; message: string };
	}

	/** The choices of a list in the panel of a node, as the editor asks for them. */
	async listOptions(
		{ type, typeVersion, parameters, credentials }: WorkflowNode,
		methodName: string,
	): Promise<{ name: string; value: string }[]> {
		const options = await this.send('POST', '/dynamic-node-parameters/options', {
			nodeTypeAndVersion: { name: type, version: typeVersion },
			path: 'parameters.userList',
			currentNodeParameters: parameters,
			credentials,
			methodName,
		});
		return options as { name: string; value: string }[];
	}

	/** Stores a workflow; returns its ID. */
	async createWorkflow(workflow: Workflow): Promise<string> {
		// n8n 1 requires `active` to be set to false.
		const created = await this.send('POST', '/workflows', { ...workflow, active: false });
		return (created as { id: string }).id;
	}

	/** Runs a stored workflow from its trigger to the end, like the editor's button. */
	async run(workflowId: string, trigger: string, timeoutMs = HANGS_MS): Promise<Execution> {
		return await this.finished(await this.begin(workflowId, trigger), timeoutMs);
	}

	/**
	 * Starts a stored workflow from its trigger; returns the ID of the execution. `item` is the trigger's output,
	 * if the editor knows it already, as with a chat message.
	 */
	async begin(
		workflowId: string,
		trigger: string,
		item?: Readonly<Record<string, unknown>>,
	): Promise<string> {
		// n8n 1 runs the workflow in the request, n8n 2 the stored one.
		const workflowData = await this.send('GET', `/workflows/${workflowId}`);
		const started = (await this.send('POST', `/workflows/${workflowId}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger, ...(item ? { data: triggerData(item) } : {}) },
		})) as { executionId: string };
		return started.executionId;
	}

	/** Retries a failed execution from the failed node, like the editor's "Retry"; returns the new ID. */
	async retry(executionId: string): Promise<string> {
		const retried = await this.send('POST', `/executions/${executionId}/retry`, {
			loadWorkflow: false,
		});
		return (retried as { id: string }).id;
	}

	/** Stops an execution, like the editor's button. */
	async stop(executionId: string): Promise<void> {
		await this.send('POST', `/executions/${executionId}/stop`);
	}

	/** Publishes a stored workflow, so that its own triggers start it; returns it as stored. */
	async publish(workflowId: string): Promise<Workflow> {
		const stored = (await this.send('GET', `/workflows/${workflowId}`)) as Workflow & {
			versionId: string;
		};
		const { versionId } = stored;
		await this.send('POST', `/workflows/${workflowId}/activate`, { versionId });
		return stored;
	}

	/** Stored executions without their data, the newest first, at most a hundred. */
	async executions(
		filter: { readonly workflowId?: string; readonly status?: readonly string[] } = {},
	): Promise<readonly StoredExecution[]> {
		const query = `filter=${encodeURIComponent(JSON.stringify(filter))}&limit=100`;
		const { results } = (await this.send('GET', `/executions?${query}`)) as {
			results: StoredExecution[];
		};
		return results;
	}

	/** The execution that began last, once it has ended. */
	async lastExecution(): Promise<Execution> {
		const [{ id }] = await this.executions();
		return await this.finished(id);
	}

	/** One execution with its data, in any state. */
	async execution(id: string): Promise<Execution> {
		const stored = (await this.send('GET', `/executions/${id}`)) as {
			status: string;
			data: string;
		};
		const data = unflatten(stored.data) as ExecutionRecord['data'];
		return new Execution({ status: stored.status, data });
	}

	/** Deletes executions with all their data. */
	async deleteExecutions(ids: readonly string[]): Promise<void> {
		await this.send('POST', '/executions/delete', { ids });
	}

	/** Waits until an execution has ended, not only until it waits for a person. */
	async finished(executionId: string, timeoutMs = HANGS_MS): Promise<Execution> {
		return await this.reached(executionId, UNDER_WAY, timeoutMs);
	}

	/** Waits until an execution waits for a person, or has ended. */
	async settled(executionId: string, timeoutMs = HANGS_MS): Promise<Execution> {
		return await this.reached(executionId, ['new', 'running'], timeoutMs);
	}

	private async reached(
		executionId: string,
		underWay: readonly string[],
		timeoutMs: number,
	): Promise<Execution> {
		return await pWaitFor(
			async () => {
				const execution = await this.execution(executionId);
				const isOver = !underWay.includes(execution.status) && execution.isStored;
				return isOver && pWaitFor.resolveWith(execution);
			},
			{
				interval: 100,
				timeout: {
					milliseconds: timeoutMs,
					message: `The workflow was still running after ${timeoutMs / 1_000} s.`,
				},
			},
		);
	}

	private async send(
		method: string,
		path: string,
		body?: unknown,
		triesLeft = BUSY_TRIES,
	): Promise<unknown> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			// On a kept-alive connection the request would fail if n8n closed it at that moment.
			headers: { 'content-type': 'application/json', cookie: this.cookie, connection: 'close' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (response.status === 503 && method === 'GET' && triesLeft > 0) {
			// A busy n8n says for a moment that its database is not ready.
			await sleep(BUSY_MS);
			return await this.send(method, path, body, triesLeft - 1);
		}
		if (!response.ok) {
			throw new Error(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		}
		const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return (JSON.parse(text) as { data: unknown }).data;
	}
}

/** The trigger's output in the form that the editor sends. */
function triggerData(json: Readonly<Record<string, unknown>>) {
	return {
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		executionStatus: 'success',
		source: [null],
		data: { main: [[{ json }]] },
	};
}
