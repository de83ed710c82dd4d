import { parse as unflatten } from 'flatted';
import pWaitFor from 'p-wait-for';

import { Execution, type ExecutionRecord } from './execution';
import type { StoredCredential, Workflow } from './workflow';

/** How somebody signs in to the editor. */
export interface Owner {
	readonly email: string;
	readonly password: string;
}

/** Who owns the n8n of a test. */
export const OWNER: Owner = { email: 'owner@example.com', password: 'Local-only-1' };

/** An execution in n8n's list of them. */
export interface StoredExecution {
	readonly id: string;
	readonly status: string;
}

const UNDER_WAY = ['new', 'running', 'waiting'];

/** Whether it has come to its end, in whatever way. */
export function isOver({ status }: { readonly status: string }): boolean {
	return !UNDER_WAY.includes(status);
}

/** Talks to a running n8n as its editor does. */
export class N8nRest {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** The cookie of whoever is signed in. */
	get session(): string {
		return this.cookie;
	}

	/** Makes the owner of a new n8n and stays signed in as that. */
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

	/** Stores a credential; gives its ID. */
	async createCredential({ name, type, data }: Omit<StoredCredential, 'id'>): Promise<string> {
		const created = (await this.send('POST', '/credentials', { name, type, data })) as {
			id: string;
		};
		return created.id;
	}

	/**
	 * Goes the way of somebody who connects an OAuth2 credential: from n8n to the other side's consent page,
	 * which must agree by itself, and back to n8n. Gives the address of the consent page.
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

	/** A JSON file that n8n serves to its editor, or nothing where there is none. */
	async file(path: string): Promise<unknown> {
		const response = await fetch(`${this.url}${path}`, { headers: { cookie: this.cookie } });
		if (response.status === 404) return undefined;
		if (!response.ok) throw new Error(`n8n answered ${response.status} to GET ${path}`);
		return (await response.json()) as unknown;
	}

	/** Checks a stored credential as the editor does on saving; gives what the editor then shows. */
	async testCredential(
		id: string,
		{ name, type, data }: Omit<StoredCredential, 'id'>,
	): Promise<{ status: string; message: string }> {
		const credentials = { id, name, type, data };
		const result = await this.send('POST', '/credentials/test', { credentials });
		return result as { status: string; message: string };
	}

	/** Stores a workflow; gives its ID. */
	async createWorkflow(workflow: Workflow): Promise<string> {
		// n8n 1 insists on being told that it is not active.
		const created = await this.send('POST', '/workflows', { ...workflow, active: false });
		return (created as { id: string }).id;
	}

	/** Runs a stored workflow from its trigger to the end, as the editor's button does. */
	async run(workflowId: string, trigger: string, timeoutMs = 60_000): Promise<Execution> {
		return await this.finished(await this.begin(workflowId, trigger), timeoutMs);
	}

	/**
	 * Begins to run a stored workflow from its trigger; gives the ID of the execution. `item` is what the
	 * trigger gives, where the editor knows it already, as with a message in its chat.
	 */
	async begin(
		workflowId: string,
		trigger: string,
		item?: Readonly<Record<string, unknown>>,
	): Promise<string> {
		// n8n 1 runs the workflow that comes along, n8n 2 the stored one.
		const workflowData = await this.send('GET', `/workflows/${workflowId}`);
		const started = (await this.send('POST', `/workflows/${workflowId}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger, ...(item ? { data: triggerData(item) } : {}) },
		})) as { executionId: string };
		return started.executionId;
	}

	/** Runs a failed execution again from where it failed, as the editor's "Retry" does; gives the new one's ID. */
	async retry(executionId: string): Promise<string> {
		const retried = await this.send('POST', `/executions/${executionId}/retry`, {
			loadWorkflow: false,
		});
		return (retried as { id: string }).id;
	}

	/** Stops an execution, as the editor's button does. */
	async stop(executionId: string): Promise<void> {
		await this.send('POST', `/executions/${executionId}/stop`);
	}

	/** Has a stored workflow start by its own triggers from now on; gives it as it is stored. */
	async publish(workflowId: string): Promise<Workflow> {
		const stored = (await this.send('GET', `/workflows/${workflowId}`)) as Workflow & {
			versionId: string;
		};
		const { versionId } = stored;
		await this.send('POST', `/workflows/${workflowId}/activate`, { versionId });
		return stored;
	}

	/** Stored executions without their data, the newest first, a hundred at most. */
	async executions(
		filter: { readonly workflowId?: string; readonly status?: readonly string[] } = {},
	): Promise<readonly StoredExecution[]> {
		const query = `filter=${encodeURIComponent(JSON.stringify(filter))}&limit=100`;
		const { results } = (await this.send('GET', `/executions?${query}`)) as {
			results: StoredExecution[];
		};
		return results;
	}

	/** One execution with its data, in whatever state it is. */
	async execution(id: string): Promise<Execution> {
		const stored = (await this.send('GET', `/executions/${id}`)) as {
			status: string;
			data: string;
		};
		const data = unflatten(stored.data) as ExecutionRecord['data'];
		return new Execution({ status: stored.status, data });
	}

	/** Deletes executions with all that n8n kept of them. */
	async deleteExecutions(ids: readonly string[]): Promise<void> {
		await this.send('POST', '/executions/delete', { ids });
	}

	/** Waits until an execution has come to its end, and not to a place where it waits for somebody. */
	async finished(executionId: string, timeoutMs = 60_000): Promise<Execution> {
		return await this.reached(executionId, UNDER_WAY, timeoutMs);
	}

	/** Waits until an execution waits for somebody, or has come to its end. */
	async settled(executionId: string, timeoutMs = 60_000): Promise<Execution> {
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

	private async send(method: string, path: string, body?: unknown): Promise<unknown> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			// A kept connection that n8n closes in the same moment would be a failed request.
			headers: { 'content-type': 'application/json', cookie: this.cookie, connection: 'close' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		}
		const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return (JSON.parse(text) as { data: unknown }).data;
	}
}

/** What the editor says that a trigger gave. */
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
